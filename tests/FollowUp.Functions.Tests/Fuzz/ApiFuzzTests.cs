using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FollowUp.Functions.OpenApi;
using FollowUp.Functions.Tests.Contract;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.Functions.Tests.Fuzz;

/// <summary>
/// Requests drawn from the API's own description, then spoiled: no answer is a 5xx, each refusal is problem details, what is refused leaves no trace
/// in the store, and every answer is as the description says. <c>FOLLOWUP_SEED</c> repeats an earlier run.
/// </summary>
public sealed class ApiFuzzTests(ITestOutputHelper output)
{
    /// <summary>So many requests later the world is made anew.</summary>
    private const int WorldLasts = 40;

    /// <summary>A slow or busy machine sends fewer in its time, never fewer than these.</summary>
    private const int Fewest = 400;

    /// <summary>Every day the same requests, so that a change is judged by what it does; the full run draws new ones.</summary>
    private const int EverydaySeed = 2011936557;

    private static bool IsFull => Environment.GetEnvironmentVariable("FOLLOWUP_FULL") is { Length: > 0 };

    private static int Requests => IsFull ? 60_000 : 4_000;

    private static TimeSpan Budget => IsFull ? TimeSpan.FromMinutes(15) : TimeSpan.FromSeconds(30);

    [Fact]
    public async Task No_request_whatever_it_holds_is_answered_with_5xx_and_a_refused_one_leaves_no_trace()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FOLLOWUP_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : IsFull ? RandomNumberGenerator.GetInt32(int.MaxValue) : EverydaySeed;
        output.WriteLine($"FOLLOWUP_SEED={seed}");
        await using var app = await AppUnderTest.StartAsync();
        using var client = FuzzWorld.NewClient(app);
        var contract = new ApiContract(await app.Services.GetRequiredService<ApiDocument>().JsonAsync());
        var random = new Random(seed);
        var draws = new RequestDraws(random, contract);
        var world = new FuzzWorld(app, client);
        await world.RestoreAsync();
        using var store = new StoreWatch(app);
        Dictionary<int, int> statuses = [];
        HashSet<string> succeeded = [];
        List<string> mistakes = [];

        // As described, each in turn: the fuzz is worth something only where a request of its kind gets in.
        foreach (var target in contract.Operations.OrderBy(operation => operation.Method == "DELETE"))
        {
            await world.RestoreAsync();
            await SendAsync(draws.Valid(target, world.Known, asExample: true), -1);
        }

        Assert.Empty(contract.Operations.Select(operation => (string)operation.Operation["operationId"]!).Except(succeeded));

        var begun = TimeProvider.System.GetTimestamp();
        for (var number = 0; number < Requests && mistakes.Count < 20 && (number < Fewest || TimeProvider.System.GetElapsedTime(begun) < Budget); number++)
        {
            if (number % WorldLasts == 0)
            {
                await world.RestoreAsync();
                store.HasChanged();
            }

            var request = draws.Valid(draws.AnyOperation(), world.Known, asExample: false);
            if (random.Next(5) > 0)
            {
                draws.Spoil(request);
            }

            await SendAsync(request, number);
        }

        output.WriteLine($"{statuses.Values.Sum()} requests: " + string.Join(", ", statuses.OrderBy(status => status.Key).Select(status => $"{status.Value} x {status.Key}")));
        Assert.True(mistakes.Count == 0, $"FOLLOWUP_SEED={seed}\n\n{string.Join("\n\n", mistakes)}");

        // An orchestration that goes its way beside the request writes too, now and then; the request itself would each time.
        async Task<bool> StoresAgainAsync(FuzzRequest request)
        {
            for (var time = 0; time < 5; time++)
            {
                store.HasChanged();
                using var message = Message(request, world);
                using var answer = await client.SendAsync(message);
                if (!store.HasChanged())
                {
                    return false;
                }
            }

            return true;
        }

        async Task SendAsync(FuzzRequest request, int number)
        {
            store.HasChanged();
            using var message = Message(request, world);
            HttpResponseMessage answer;
            try
            {
                answer = await client.SendAsync(message);
            }
            catch (HttpRequestException exception)
            {
                mistakes.Add($"{number}: no answer ({exception.Message}) to\n{request}");
                return;
            }

            using (answer)
            {
                var status = (int)answer.StatusCode;
                var body = await answer.Content.ReadAsStringAsync();
                statuses[status] = statuses.GetValueOrDefault(status) + 1;
                foreach (var mistake in Check(contract, request, status, answer.Content.Headers.ContentType, body))
                {
                    mistakes.Add($"{number}: {mistake}: {status} {body}\nto\n{request}");
                }

                if (status >= 400 && store.HasChanged() && await StoresAgainAsync(request))
                {
                    mistakes.Add($"{number}: something was stored: {status} {body}\nby\n{request}");
                }

                await world.EndOfWorkAsync(answer);
                if (status < 300 && request.IsPlain)
                {
                    succeeded.Add(request.Operation);
                }
            }
        }
    }

    /// <summary>What no client library sends, straight through a socket.</summary>
    [Theory]
    [InlineData("GET /api/clinics/../../etc/passwd HTTP/1.1")]
    [InlineData("GET /api/clinics/%2e%2e/%2e%2e/api/health HTTP/1.1")]
    [InlineData("GET //api//health HTTP/1.1")]
    [InlineData("GET /api/clinics/%00/alerts HTTP/1.1")]
    [InlineData("GET /api/clinics/%zz/alerts HTTP/1.1")]
    [InlineData("GET /api/clinics/\u00ff/alerts HTTP/1.1")]
    [InlineData("GET http://attacker.example/api/care-plans HTTP/1.1")]
    [InlineData("GET /api/care-plans?clinic=\u00ff\u00fe HTTP/1.1")]
    [InlineData("GET /api/care-plans?%00 HTTP/1.1")]
    [InlineData("GET /api/care-plans?a=%zz&limit=%c0%af HTTP/1.1")]
    [InlineData("GET * HTTP/1.1")]
    [InlineData("OPTIONS * HTTP/1.1")]
    [InlineData("GET /api/care-plans HTTP/1.1\r\nX-Api-Key: second")]
    [InlineData("GET /api/care-plans HTTP/1.1\r\nContent-Length: -1")]
    [InlineData("GET /api/care-plans HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked")]
    [InlineData("GET /api/care-plans HTTP/1.1\r\nTransfer-Encoding: gzip")]
    [InlineData("PUT /api/clinics/glow HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("PUT /api/clinics/glow HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("PUT /api/clinics/glow HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 99999999")]
    public async Task A_request_that_breaks_the_rules_of_HTTP_gets_no_5xx(string head)
    {
        await using var app = await AppUnderTest.StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(app.Address.Host, app.Address.Port);
        await using var stream = socket.GetStream();
        var lines = head.Split("\r\n", 2);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(
            $"{lines[0]}\r\nHost: x\r\nConnection: close\r\nX-Api-Key: {AppUnderTest.ApiKey}\r\n{(lines.Length > 1 ? lines[1] + "\r\n" : "")}\r\n"));
        using var reader = new StreamReader(stream);
        var status = (await reader.ReadLineAsync())!.Split(' ')[1];
        Assert.True(status[0] is '2' or '4', $"{head} was answered with {status}.");
    }

    private static HttpRequestMessage Message(FuzzRequest request, FuzzWorld world)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(request.Address, UriKind.Relative));
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.ContentType = null;
            if (request.MediaType is { Length: > 0 } type)
            {
                message.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            }
        }

        if (request.Signed)
        {
            world.Sign(message, request.Address, Encoding.UTF8.GetString(request.Body ?? []));
        }

        return message;
    }

    private static IEnumerable<string> Check(ApiContract contract, FuzzRequest request, int status, MediaTypeHeaderValue? type, string body)
    {
        // The health check alone may say so, and only as it is described.
        if (status >= 500 && !(request.Operation == "health" && status == 503))
        {
            yield return "a 5xx";
            yield break;
        }

        // Where the route is missed the host answers, and it has nothing to say.
        if (request.MayMissTheRoute && status is 400 or 404 && body.Length == 0)
        {
            yield break;
        }

        // An address over 8 KB is refused by the web server, before the app, with nothing in its answer.
        if (status == 414 && request.Address.Length > 8000 && body.Length == 0)
        {
            yield break;
        }

        if (status >= 400 && request.Method != "HEAD")
        {
            // FHIR has its own way to say what is wrong, but for what is refused before the route is asked.
            if (type?.MediaType == "application/fhir+json" && request.Operation == "postFhirAppointment" ? !IsOutcome(body)
                : type?.MediaType != "application/problem+json" || !IsProblem(body, status))
            {
                yield return "no problem details";
                yield break;
            }
        }

        if (!request.MayMissTheRoute && contract.Find(new HttpMethod(request.Method), request.Address.Split('?')[0]) is { } operation)
        {
            foreach (var difference in contract.Check(operation, status, type, body))
            {
                yield return $"not as described ({difference})";
            }
        }
    }

    private static bool IsOutcome(string body) => Is(body, answer => (string?)answer["resourceType"] == "OperationOutcome" && answer["issue"]?.AsArray().Count > 0);

    private static bool IsProblem(string body, int status) => Is(body, answer => (int?)answer["status"] == status);

    private static bool Is(string body, Func<JsonNode, bool> check)
    {
        try
        {
            return JsonNode.Parse(body) is { } answer && check(answer);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
