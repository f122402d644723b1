using System.Text.Json;
using FollowUp.Workflows.Contracts;
using FollowUp.Workflows.Sending;

namespace FollowUp.Workflows.Tests;

/// <summary>The JSON in histories, which outlive the code that wrote them: these spellings never change.</summary>
public class ContractTests
{
    private static readonly JsonSerializerOptions Engine = new() { IncludeFields = true };

    [Fact]
    public void A_session_is_its_two_ids() =>
        Assert.Equal("""{"Clinic":"glow","Session":"b-77"}""", JsonSerializer.Serialize(new SessionRef("glow", "b-77"), Engine));

    [Fact]
    public void A_step_is_its_three_ids() =>
        Assert.Equal(
            """{"Clinic":"glow","Session":"b-77","Step":"prep-7d"}""",
            JsonSerializer.Serialize(new StepRef("glow", "b-77", "prep-7d"), Engine));

    [Fact]
    public void A_command_on_many_sessions_is_its_two_ids_and_counts()
    {
        Assert.Equal("""{"Clinic":"glow","Bulk":"0a1b"}""", JsonSerializer.Serialize(new BulkRef("glow", "0a1b"), Engine));
        Assert.Equal(
            """{"Total":5,"Done":2,"Unchanged":1,"Refused":1,"IsOver":false}""", JsonSerializer.Serialize(new BulkProgress(5, 2, 1, 1, false), Engine));
    }

    [Fact]
    public void What_comes_next_keeps_its_moment_in_UTC()
    {
        const string json = """{"Action":"send","Step":"prep-7d","At":"2026-11-24T18:00:00Z"}""";
        var next = JsonSerializer.Deserialize<NextStep>(json, Engine)!;

        Assert.Equal(DateTimeKind.Utc, next.At!.Value.Kind);
        Assert.Equal(json, JsonSerializer.Serialize(next, Engine));
    }

    [Fact]
    public void The_progress_is_the_step_and_its_due_time() =>
        Assert.Equal("""{"Next":null,"DueAt":null}""", JsonSerializer.Serialize(new Progress(null, null), Engine));

    [Theory]
    [InlineData("""{"What":"changed"}""", "changed")]
    [InlineData("""{"What":"changed","SomethingNewer":[1]}""", "changed")]
    [InlineData("""{"What":7}""", null)]
    [InlineData("{}", null)]
    [InlineData("\"a text\"", null)]
    [InlineData("[1]", null)]
    [InlineData("5", null)]
    public void Whatever_JSON_comes_is_a_signal(string json, string? what) =>
        Assert.Equal(what, JsonSerializer.Deserialize<Signal>(json, Engine)!.What);

    [Fact]
    public void A_signal_says_what_happened() =>
        Assert.Equal("""{"What":"changed"}""", JsonSerializer.Serialize(new Signal("changed"), Engine));

    [Theory]
    [InlineData(1, 30)]
    [InlineData(2, 60)]
    [InlineData(5, 480)]
    [InlineData(6, 900)]
    [InlineData(100, 900)]
    public void The_delay_before_another_attempt_doubles_up_to_a_quarter_of_an_hour(int attempt, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), SendTiming.RetryDelay(attempt, asked: null));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(120, 120)]
    [InlineData(86_400, 3600)]
    public void What_Twilio_asks_for_is_believed_from_a_second_to_an_hour(int asked, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), SendTiming.RetryDelay(1, TimeSpan.FromSeconds(asked)));
}
