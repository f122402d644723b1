// What the reference implementation makes of posts. Reads { secret, posts: [{ id, timestamp, signature, body }] } as JSON, and answers for each
// post with the event that it verified, or why it refused.
import { Webhook } from 'standardwebhooks';

let input = '';
for await (const chunk of process.stdin) input += chunk;
const { secret, posts } = JSON.parse(input);
const webhook = new Webhook(secret);
process.stdout.write(JSON.stringify(posts.map(({ id, timestamp, signature, body }) => {
  try {
    const event = webhook.verify(body, { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature });
    return { id: event.id, error: null };
  } catch (error) {
    return { id: null, error: String(error.message) };
  }
})));
