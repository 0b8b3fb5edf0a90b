import { isRouteErrorResponse, useRouteError } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, InlineStack, Page, Text } from "@shopify/polaris";

/** What a person sees when a page cannot be shown: what happened, that nothing was lost, and where to go. */
export function ErrorPage() {
  const error = useRouteError();
  const { title, detail } = describe(error);
  const canRetry = !isRouteErrorResponse(error) || error.status >= 500;
  return (
    <main>
      <Page narrowWidth title={title}>
        <Card>
          <BlockStack gap="400">
            <Banner tone="warning">
              <Text as="p">{detail}</Text>
            </Banner>
            <Text as="p" tone="subdued">
              Nothing was changed. Referrals, rewards and links keep working while this page does not.
            </Text>
            <InlineStack gap="300">
              {canRetry && (
                <Button variant="primary" onClick={() => window.location.reload()}>
                  Try again
                </Button>
              )}
              <Button url="/app">Back to Goodword</Button>
            </InlineStack>
          </BlockStack>
        </Card>
      </Page>
    </main>
  );
}

function describe(error: unknown): { title: string; detail: string } {
  if (!isRouteErrorResponse(error)) {
    return {
      title: "Something went wrong",
      detail: "This page could not be loaded. It has been noted; trying again usually helps.",
    };
  }
  switch (error.status) {
    case 404:
      return { title: "Not found", detail: "There is nothing at this address in your shop." };
    case 401:
    case 403:
      return {
        title: "Please open the app again",
        detail: "Your visit has ended. Open Goodword from the apps list of your admin.",
      };
    case 503:
      return {
        title: "Not ready yet",
        detail: typeof error.data === "string" ? error.data : "The app is starting. Try again in a moment.",
      };
    default:
      return { title: "Something went wrong", detail: "This page could not be loaded. Trying again usually helps." };
  }
}
