export const handler = async () => ({
  version: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  greeting: process.env.GREETING,
});
