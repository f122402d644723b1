// Twilio's own reckoning of signatures. Reads { token, webhooks: [{ url, params, signature }] } as JSON, and answers for each webhook with the
// signature that Twilio would send and whether Twilio's library accepts the given one.
import twilio from 'twilio';

let input = '';
for await (const chunk of process.stdin) input += chunk;
const { token, webhooks } = JSON.parse(input);
process.stdout.write(JSON.stringify(webhooks.map(({ url, params, signature }) => ({
  expected: twilio.getExpectedTwilioSignature(token, url, params),
  accepted: twilio.validateRequest(token, signature, url, params),
}))));
