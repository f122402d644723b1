// Reads a JSON array of texts from standard input and writes what the independent calculator makes of each.
import calculator from 'sms-segments-calculator';

let input = '';
process.stdin.setEncoding('utf8');
for await (const chunk of process.stdin) {
  input += chunk;
}

const verdicts = JSON.parse(input).map(text => {
  const message = new calculator.SegmentedMessage(text);
  return { encoding: message.encodingName, segments: message.segmentsCount };
});
process.stdout.write(JSON.stringify(verdicts));
