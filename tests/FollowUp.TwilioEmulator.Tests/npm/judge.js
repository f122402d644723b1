// Twilio's official client against the emulator. Listens for webhooks on a port that it prints, then reads the emulator's address (with its
// prefix) from standard input, and exits with 0 only if everything held.
import assert from 'node:assert/strict';
import http from 'node:http';
import readline from 'node:readline';
import twilio from 'twilio';

const [accountSid, authToken] = [process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN];
const clinic = '+15005550006';
const patient = '+14155550123';

const webhooks = [];
const waiting = [];
const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('end', () => {
    const params = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    webhooks.push({ url: `http://${request.headers.host}${request.url}`, params, signature: request.headers['x-twilio-signature'] });
    response.setHeader('Content-Type', 'text/xml');
    const twiml = new twilio.twiml.MessagingResponse();
    if (params.Body) twiml.message('We will call you.');
    response.end(twiml.toString());
    waiting.splice(0).forEach(wake => wake());
  });
});

async function webhook(matches) {
  for (;;) {
    const found = webhooks.find(({ params }) => matches(params));
    if (found) return found;
    await new Promise(wake => waiting.push(wake));
  }
}

/** Sends what the client asks of api.twilio.com to the emulator. */
class Redirected extends twilio.RequestClient {
  constructor(base) {
    super();
    this.base = base;
  }

  request(options) {
    return super.request({ ...options, uri: options.uri.replace('https://api.twilio.com', this.base) });
  }
}

async function check(what, work) {
  await work();
  console.log(`ok ${what}`);
}

async function judge(base, ownUrl) {
  const client = twilio(accountSid, authToken, { httpClient: new Redirected(base) });
  const statusCallback = `${ownUrl}/status?clinic=glow&name=Zo%C3%AB`;
  const before = Date.now();
  let created;

  await check('creates', async () => {
    created = await client.messages.create({ to: patient, from: clinic, body: 'Hello Ada: ünïcode & more = ✓', statusCallback });
    assert.match(created.sid, /^SM[0-9a-f]{32}$/);
    assert.equal(created.status, 'queued');
    assert.equal(created.direction, 'outbound-api');
    assert.equal(created.body, 'Hello Ada: ünïcode & more = ✓');
    assert.equal(created.numSegments, '1');
    assert.equal(created.errorCode, null);
    assert.ok(Math.abs(created.dateCreated - before) < 60_000);
  });

  await check('gets status callbacks that validateRequest accepts', async () => {
    for (const status of ['sent', 'delivered']) {
      const { url, params, signature } = await webhook(p => p.MessageSid === created.sid && p.MessageStatus === status);
      assert.ok(twilio.validateRequest(authToken, signature, url, params));
      assert.ok(!twilio.validateRequest(authToken, signature, url, { ...params, MessageStatus: 'failed' }));
      assert.ok(!twilio.validateRequest('another token', signature, url, params));
    }
  });

  await check('fetches', async () => {
    const fetched = await client.messages(created.sid).fetch();
    assert.equal(fetched.status, 'delivered');
    assert.ok(fetched.dateSent instanceof Date && !Number.isNaN(fetched.dateSent.getTime()));
    assert.equal(fetched.uri, `/2010-04-01/Accounts/${accountSid}/Messages/${created.sid}.json`);
  });

  await check('lists with filters', async () => {
    await client.messages.create({ to: '+14155550177', from: clinic, body: 'Hello Grace' });
    const since = new Date(before - 60_000);
    const mine = await client.messages.list({ to: patient, from: clinic, dateSentAfter: since });
    assert.deepEqual(mine.map(message => message.sid), [created.sid]);
    assert.deepEqual(await client.messages.list({ dateSentBefore: since }), []);
    const day = new Date(created.dateCreated.toISOString().slice(0, 10));
    assert.ok((await client.messages.list({ to: patient, dateSent: day })).some(message => message.sid === created.sid));
    assert.deepEqual(await client.messages.list({ dateSent: new Date('2020-01-01') }), []);
  });

  await check('lists page after page', async () => {
    for (let i = 0; i < 5; i++) await client.messages.create({ to: '+14155550188', from: clinic, body: `${i}` });
    const all = await client.messages.list({ to: '+14155550188', pageSize: 2 });
    assert.deepEqual(all.map(message => message.body), ['4', '3', '2', '1', '0']);
    const first = await client.messages.page({ to: '+14155550188', pageSize: 2 });
    const second = await first.nextPage();
    assert.deepEqual(second.instances.map(message => message.body), ['2', '1']);
    assert.deepEqual((await second.previousPage()).instances.map(message => message.body), ['4', '3']);
  });

  await check('gets a RestException for a bad number', async () => {
    await assert.rejects(client.messages.create({ to: '+15005550001', from: clinic, body: 'x' }), error => {
      assert.ok(error instanceof twilio.RestException);
      assert.deepEqual([error.status, error.code, error.moreInfo], [400, 21211, 'https://www.twilio.com/docs/errors/21211']);
      assert.match(error.message, /Invalid 'To' Phone Number/);
      return true;
    });
    await assert.rejects(client.messages('SM00000000000000000000000000000000').fetch(), { status: 404, code: 20404 });
    const stranger = twilio(accountSid, 'another token', { httpClient: new Redirected(base) });
    await assert.rejects(stranger.messages.list(), { status: 401, code: 20003 });
  });

  await check('gets a text from a phone, and its TwiML is sent back', async () => {
    const answer = await fetch(`${base}/emulator/inbound`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ from: patient, body: 'Is redness normal? 😳' }),
    });
    assert.equal(answer.status, 201);
    const { url, params, signature } = await webhook(p => p.Body === 'Is redness normal? 😳');
    assert.ok(twilio.validateRequest(authToken, signature, url, params));
    let reply;
    while (!reply) reply = (await client.messages.list({ to: patient, limit: 1 })).find(message => message.direction === 'outbound-reply');
    assert.equal(reply.body, 'We will call you.');
  });
}

server.listen(0, '127.0.0.1', () => {
  const ownUrl = `http://127.0.0.1:${server.address().port}`;
  console.log(ownUrl);
  readline.createInterface({ input: process.stdin }).once('line', base => judge(base, ownUrl).then(
    () => process.exit(0),
    error => {
      console.error(error);
      process.exit(1);
    }));
});
