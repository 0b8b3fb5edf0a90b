// What a redirect costs at least: Node's own server, one header, nothing verified and nothing stored.
import { createServer } from "node:http";

createServer((request, response) => {
  response.writeHead(request.url === "/up" ? 200 : 302, { location: "https://freshbox.example/", "content-length": 0 });
  response.end();
}).listen(Number(process.env["PORT"]), "127.0.0.1");
