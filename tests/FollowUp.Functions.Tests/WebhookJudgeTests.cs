using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FollowUp.Sms;
using FollowUp.Tests;
using Microsoft.Extensions.Primitives;

namespace FollowUp.Functions.Tests;

/// <summary>
/// Twilio's own library for Node.js, from npm, signs random webhooks and says which signatures it would accept. The verifier, and the app behind
/// a proxy that anybody may lie about, must agree. <c>FOLLOWUP_SEED</c> repeats the webhooks of an earlier run.
/// </summary>
public sealed class WebhookJudgeTests(ITestOutputHelper output)
{
    private const int Webhooks = 200;
    private const string PublicUrl = "https://texts.clinic.example/follow-up";

    private static readonly string[] Letters =
        ["a", "Z", "0", " ", "+", "&", "=", "%", "?", "#", "/", "\"", "'", "<", "\n", "\t", "ñ", "é", "ß", "中", "–", "😳", "👩‍⚕️", "\u200b", "+1415", "%20", "STOP"];

    [Fact]
    public async Task Twilios_library_and_the_app_agree_on_random_webhooks_and_no_forwarding_header_has_a_say()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FOLLOWUP_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"FOLLOWUP_SEED={seed}");
        var random = new Random(seed);
        await using var app = await AppUnderTest.StartAsync(settings: ["--FollowUp:PublicUrl", PublicUrl]);
        var token = app.Configuration["Twilio:AuthToken"]!;
        List<Webhook> webhooks = [.. Enumerable.Range(0, Webhooks).Select(index => RandomWebhook(random, index))];

        var right = await AskAsync(token, webhooks);
        var elsewhere = await AskAsync(token, [.. webhooks.Select(webhook => webhook with { Url = webhook.Url.Replace(PublicUrl, "https://attacker.example", StringComparison.Ordinal) })]);
        var stranger = await AskAsync(token + "x", webhooks);
        for (var index = 0; index < Webhooks; index++)
        {
            webhooks[index] = random.Next(6) switch
            {
                0 => webhooks[index] with { Signature = elsewhere[index].Expected },
                1 => webhooks[index] with { Signature = stranger[index].Expected },
                2 => webhooks[index] with { Signature = right[(index + 1) % Webhooks].Expected },
                _ => webhooks[index] with { Signature = right[index].Expected },
            };
        }

        var judged = await AskAsync(token, webhooks);
        var verifier = new TwilioSignature(token);
        for (var index = 0; index < Webhooks; index++)
        {
            var webhook = webhooks[index];
            var accepted = verifier.IsValid(new Uri(webhook.Url), webhook.Params.Select(field => KeyValuePair.Create(field.Key, new StringValues(field.Value))), webhook.Signature);
            Assert.True(accepted == judged[index].Accepted, $"{index}: we say {accepted} and Twilio's library {judged[index].Accepted}. FOLLOWUP_SEED={seed}");

            var status = await PostAsync(app, webhook, random);
            Assert.True((status != HttpStatusCode.Forbidden) == judged[index].Accepted && (int)status < 500, $"{index}: the app answered {status}. FOLLOWUP_SEED={seed}");
        }

        Assert.InRange(judged.Count(verdict => verdict.Accepted), 50, 150);
    }

    private static Task<Verdict[]> AskAsync(string token, IReadOnlyList<Webhook> webhooks) => NpmJudge.AskAsync<Verdict[]>(
        "FollowUp.TwilioEmulator.Tests/npm",
        "twilio",
        new
        {
            token,

            // A field that comes once is a text to Twilio's library, and one that repeats a list.
            webhooks = webhooks.Select(webhook => new
            {
                url = webhook.Url,
                signature = webhook.Signature,
                @params = webhook.Params.ToDictionary(field => field.Key, field => field.Value is [var one] ? (object)one : field.Value),
            }),
        },
        JsonSerializerOptions.Web,
        "signatures.js");

    /// <summary>As a proxy passes it on: to the address that the app listens on, with headers that say whatever somebody likes.</summary>
    private static async Task<HttpStatusCode> PostAsync(AppUnderTest app, Webhook webhook, Random random)
    {
        using var client = app.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, app.Address + webhook.Url[(PublicUrl.Length + 1)..])
        {
            Content = new FormUrlEncodedContent(webhook.Params.SelectMany(field => field.Value.Select(value => KeyValuePair.Create(field.Key, value)))),
        };
        request.Headers.TryAddWithoutValidation(TwilioSignature.Header, webhook.Signature);
        string[] hosts = ["attacker.example", "texts.clinic.example", "127.0.0.1", "texts.clinic.example:8443"];
        (string Name, string Value)[] lies =
        [
            ("Host", Any(hosts)), ("X-Forwarded-Host", Any(hosts)), ("X-Forwarded-Proto", Any(["http", "https"])), ("X-Forwarded-Port", "8443"),
            ("X-Forwarded-Prefix", "/elsewhere"), ("X-Forwarded-For", "10.0.0.1"), ("Forwarded", $"host={Any(hosts)};proto=https"),
            ("X-Original-URL", "/api/health"), ("X-Original-Host", Any(hosts)),
        ];
        foreach (var (name, value) in lies.Where(_ => random.Next(2) == 0))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return (await client.SendAsync(request)).StatusCode;

        string Any(string[] values) => values[random.Next(values.Length)];
    }

    private static Webhook RandomWebhook(Random random, int index)
    {
        var isStatus = random.Next(2) == 0;
        var sid = $"SM{index:x32}";
        Dictionary<string, string[]> fields = isStatus
            ? new() { ["MessageSid"] = [sid], ["MessageStatus"] = [random.Next(2) == 0 ? "sent" : "delivered"] }
            : new() { ["MessageSid"] = [sid], ["From"] = ["+1415555" + (2000 + index)], ["To"] = ["+15005550006"], ["Body"] = [RandomText(random)] };
        for (var extra = random.Next(8); extra > 0; extra--)
        {
            fields.TryAdd("X" + RandomText(random), [.. Enumerable.Range(0, random.Next(5) == 0 ? 3 : 1).Select(_ => RandomText(random))]);
        }

        var query = random.Next(3) switch
        {
            0 => "",
            1 => "?ref=" + Uri.EscapeDataString($"glow:b-77:prep-7d:{random.Next(5)}"),
            _ => $"?ref=glow:b-77:prep-7d:1&name={Uri.EscapeDataString(RandomText(random))}",
        };
        return new Webhook($"{PublicUrl}/api/twilio/{(isStatus ? "status" : "inbound")}{query}", fields, "none");
    }

    private static string RandomText(Random random) => string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Letters[random.Next(Letters.Length)]));

    private sealed record Webhook(string Url, Dictionary<string, string[]> Params, string Signature);

    private sealed record Verdict(string Expected, bool Accepted);
}
