using System.Text.Json;
using FollowUp.EmbeddedHost.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>Section 13: replay-safe logging, IsReplaying, and the JSON of the history.</summary>
public abstract class LoggingAndJsonTests : EngineSuite
{
    [Fact, Row("13", "Replay-safe logger")]
    public async Task A_replay_safe_logger_says_each_line_once_over_every_replay()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Logs", async context =>
        {
            var log = context.CreateReplaySafeLogger("Clinic.Session");
            for (int line = 1; line <= 4; line++)
            {
                log.LogInformation("line {Line}", line);
                await context.WaitForExternalEvent<string>("go");
            }

            log.LogInformation("end");
            return null;
        }));
        var id = await engine.StartAsync("Logs");
        for (int episode = 1; episode <= 4; episode++)
        {
            await engine.SettleAsync();
            await engine.RestartAsync();
            await engine.Client.RaiseEventAsync(id, "go");
        }

        await engine.FinishAsync(id);

        Assert.Equal(["line 1", "line 2", "line 3", "line 4", "end"], engine.Logs.Messages("Clinic.Session"));
    }

    [Fact, Row("13", "Replay-safe logger: factory and types")]
    public async Task A_replay_safe_logger_is_had_by_name_by_type_and_from_the_factory()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Logs", async context =>
        {
            context.CreateReplaySafeLogger<ClinicClosedException>().LogInformation("generic");
            var type = typeof(ClinicClosedException);
            context.CreateReplaySafeLogger(type).LogInformation("type");
            context.ReplaySafeLoggerFactory.CreateLogger(typeof(ClinicClosedException).FullName!).LogInformation("factory");
            return await context.WaitForExternalEvent<string>("go");
        }));
        var id = await engine.StartAsync("Logs");
        await engine.SettleAsync();
        await engine.RestartAsync();
        await engine.Client.RaiseEventAsync(id, "go");
        await engine.FinishAsync(id);

        Assert.Equal(["generic", "type", "factory"], engine.Logs.Messages(typeof(ClinicClosedException).FullName!));
    }

    [Fact, Row("13", "IsReplaying")]
    public async Task The_past_is_replayed_and_the_first_new_event_is_not()
    {
        var trace = new List<string>();
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<string?, string>("A", (_, _) => Task.FromResult("done"));
            tasks.AddOrchestrator("Trace", async context =>
            {
                Note("start");
                await context.WaitForExternalEvent<string>("go");
                Note("after go");
                await context.CallActivityAsync("A");
                Note("after A");
                await context.WaitForExternalEvent<string>("go");
                Note("after second go");
                return null;

                void Note(string where)
                {
                    lock (trace)
                    {
                        trace.Add($"{where} {context.IsReplaying}");
                    }
                }
            });
        });
        var id = await engine.StartAsync("Trace");
        await engine.SettleAsync();
        Assert.Equal(["start False"], trace);
        await engine.Client.RaiseEventAsync(id, "go");
        await engine.SettleAsync();
        trace.Clear();
        await engine.RestartAsync();
        await engine.Client.RaiseEventAsync(id, "go");
        await engine.FinishAsync(id);

        Assert.Equal(["start True", "after go True", "after A True", "after second go False"], trace);
    }

    [Fact, Row("13", "SDK logs")]
    public async Task The_beginning_and_the_end_of_an_instance_are_logged_once_under_the_sdks_category()
    {
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<string?, string>("A", (_, _) => Task.FromResult("done"));
            tasks.AddOrchestrator("Logg", async context =>
            {
                await context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
                return await context.CallActivityAsync<string>("A");
            });
        });

        await engine.RunAsync("Logg", id: "glow:b-77");

        var lines = engine.Logs.Lines.Where(line => line.Category == "Microsoft.DurableTask.Worker.Orchestrations").ToList();
        Assert.Equal([600, 601], lines.Select(line => line.Event.Id));
        Assert.Equal("'Logg' orchestration with ID 'glow:b-77' started.", lines[0].Message);
        Assert.Equal("'Logg' orchestration with ID 'glow:b-77' completed.", lines[1].Message);
        Assert.Equal(
            [603, 604],
            engine.Logs.Lines.Where(line => line.Category == "Microsoft.DurableTask.Worker.Activities").Select(line => line.Event.Id));
    }

    [Fact, Row("13", "JsonDataConverter.Default"), Row("trap", "JSON is PascalCase, case-sensitive, enums as numbers")]
    public void Json_is_pascal_case_with_fields_numbers_for_enums_and_nulls()
    {
        Assert.Equal("""{"X":5,"Day":1,"Note":null}""", Json(new Sample { X = 5, Day = DayOfWeek.Monday }));
        Assert.Equal("""{"Item1":1,"Item2":"two"}""", Json((1, "two")));
        Assert.Equal("\"AQID\"", Json(new byte[] { 1, 2, 3 }));
        Assert.Equal("\"\\u00E9 \\u003C\\u003E\\u0026\\u0027\\u002B\"", Json("é <>&'+"));
        Assert.Null(Json(null));
        Assert.Null(JsonDataConverter.Default.Deserialize<string>(null));
    }

    [Fact, Row("13", "JsonDataConverter.Default: reading")]
    public void Json_is_read_by_exact_names_and_types()
    {
        Assert.Equal(5, Read<Sample>("""{"X":5}""").X);
        Assert.Equal(0, Read<Sample>("""{"x":5}""").X);
        Assert.Equal(5, Read<Sample>("""{"X":5,"Unknown":true}""").X);
        Assert.Throws<JsonException>(() => Read<Sample>("""{"Day":"Monday"}"""));
        Assert.Throws<JsonException>(() => Read<Sample>("""{"X":"5"}"""));
    }

    [Fact, Row("13", "JsonDataConverter.Default: through the engine")]
    public async Task What_goes_through_the_history_keeps_the_rules_of_its_json()
    {
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<Sample, Sample>("Next", (_, sample) => Task.FromResult(new Sample { X = sample.X + 1, Note = sample.Note }));
            tasks.AddOrchestrator<Sample, Sample>("Samples", async (context, sample) =>
            {
                var heard = await context.WaitForExternalEvent<Sample>("go");
                var next = await context.CallActivityAsync<Sample>("Next", sample);
                return new Sample { X = next.X + heard.X, Note = next.Note, Day = heard.Day };
            });
        });
        var input = new Dictionary<string, object> { ["X"] = 1, ["x"] = 99, ["Note"] = "<é>", ["More"] = "ignored" };
        var id = await engine.StartAsync("Samples", input);
        await engine.SettleAsync();
        await engine.Client.RaiseEventAsync(id, "go", new { X = 10, Day = 2 });

        var ended = await engine.FinishAsync(id);

        Assert.Equal("""{"X":12,"Day":2,"Note":"\u003C\u00E9\u003E"}""", ended.SerializedOutput);
    }

    private static string? Json(object? value) => JsonDataConverter.Default.Serialize(value);

    private static T Read<T>(string json) => JsonDataConverter.Default.Deserialize<T>(json)!;

    /// <summary>Members in the order that the JSON has them.</summary>
    public sealed class Sample
    {

        public int X { get; set; }


        public DayOfWeek Day { get; set; }


        public string? Note { get; set; }
    }
}
