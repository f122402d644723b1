using System.Text.Json;
using FollowUp.Data;
using FollowUp.Data.Clinics;
using FollowUp.Data.Delivery;
using FollowUp.Data.Sessions;
using FollowUp.Data.Webhooks;
using FollowUp.Testing;
using FollowUp.Tests;
using FollowUp.Workflows.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using NodaTime;

namespace FollowUp.Workflows.Tests;

/// <summary>Events reach a clinic's own system, a real web server: all of them, in their order, whatever breaks in between.</summary>
public sealed class EventFeedTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly ClinicEventKind[] Every = Enum.GetValues<ClinicEventKind>();

    [Fact]
    public async Task A_whole_course_is_told_in_its_order()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var clinic = await SubscribedAsync(receiver);
        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();
        await UntilAsync(() => receiver.Taken.Count == clinic.Twilio.Messages.Count);
        await UntilAsync(() => clinic.Column("SELECT event_id FROM webhook_events").Count == 0);

        Assert.Equal(clinic.Twilio.Messages.Select(message => message.Sid), receiver.Posts.Select(post => (string)post.Event["data"]!["message"]!));
        Assert.Equal(Enumerable.Range(1, 10), receiver.Posts.Select(post => (int)post.Sequence));
        Assert.All(receiver.Posts, post => Assert.Equal("application/cloudevents+json; charset=utf-8", post.Type));
        Assert.All(receiver.Posts, post => Assert.Equal(post.Id, (string)post.Event["id"]!));
    }

    [Fact]
    public async Task Replies_reports_and_bookings_are_told_at_once_and_not_only_by_the_sweep()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var clinic = await SubscribedAsync(receiver);
        await clinic.BookAsync(Some.Booking);
        await clinic.BookAsync(Some.LaterBooking);
        await UntilAsync(() => receiver.Taken.Count == 1);
        await clinic.ReceiveAsync("What should I bring?", sid: "SM-1");
        await UntilAsync(() => receiver.Taken.Count == 2);
        await clinic.ReportAsync(Core.Timelines.SessionOutcome.Cancelled);
        await UntilAsync(() => receiver.Taken.Count == 3);
        await clinic.ReceiveAsync("STOP", sid: "SM-2");
        await UntilAsync(() => receiver.Taken.Count >= 5);

        Assert.Equal(
            ["followup.rebooked", "followup.replied", "followup.cancelled", "followup.replied", "followup.opted-out"],
            receiver.Posts.Take(5).Select(post => (string)post.Event["type"]!));
    }

    [Fact]
    public async Task A_receiver_that_is_down_for_two_hours_gets_everything_in_its_order_when_it_is_back()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var clinic = await SubscribedAsync(receiver);
        var back = clinic.Clock.GetUtcNow() + TimeSpan.FromHours(2);
        receiver.Status = _ => clinic.Clock.GetUtcNow() < back ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        await clinic.BookAsync(Some.Booking);
        for (var text = 1; text <= 30; text++)
        {
            await clinic.ReceiveAsync("What should I bring?", sid: $"SM-{text}");
        }

        clinic.LetTheClockRun();
        await UntilAsync(() => receiver.Taken.Count >= 30);

        var replies = receiver.Posts.Where(post => (string)post.Event["type"]! == "followup.replied").ToList();
        Assert.Equal(Enumerable.Range(1, 30).Select(number => $"glow.replied.SM-{number}"), receiver.Taken.Where(id => id.Contains(".replied.", StringComparison.Ordinal)));
        Assert.Equal(30, replies.Count(post => post.Status == 200));

        // While it is down the first of them is tried, and nothing else: at once, and after 1, 5, 15, 30 and 60 minutes.
        Assert.Equal(["glow.replied.SM-1"], replies.Where(post => post.Status == 503).Select(post => post.Id).Distinct());
        Assert.Equal(6, replies.Count(post => post.Status == 503));
    }

    [Fact]
    public async Task A_receiver_that_fails_now_and_then_misses_nothing_and_what_it_sees_twice_has_the_same_id_and_body()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var clinic = await SubscribedAsync(receiver);
        var random = new Random(20261122);
        receiver.Status = _ => random.Next(3) == 0 ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK;
        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();
        await UntilAsync(() => receiver.Taken.Count == clinic.Twilio.Messages.Count);

        Assert.Equal(clinic.Twilio.Messages.Select(message => $"glow.sent.b-77.{StepOf(receiver, message.Sid)}.{message.Sid}"), receiver.Taken);
        Assert.All(receiver.Posts.GroupBy(post => post.Id), same => Assert.Single(same.Select(post => post.Body).Distinct()));
        Assert.Contains(receiver.Posts.GroupBy(post => post.Id), same => same.Count() > 1);
    }

    [Fact]
    public async Task A_process_that_dies_between_the_commit_and_the_post_loses_nothing()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var clinic = await SubscribedAsync(receiver);
        await clinic.BookAsync(Some.Booking);
        await clinic.AfterAsync(Duration.FromDays(3));
        await UntilAsync(() => receiver.Taken.Count == 1);
        await clinic.Get<DeliveryStore>().ReportAsync(clinic.Twilio.Messages[0].Sid, "delivered", null, null, None);

        // The store has committed, and nobody has told the engine. Nothing else changes that would.
        await clinic.RestartEngineAsync();
        await clinic.AfterAsync(Duration.FromMinutes(2));
        Assert.Single(receiver.Posts);
        await clinic.Sweep.RunAsync(clinic.Client, None);
        await UntilAsync(() => receiver.Taken.Count == 2);

        Assert.Equal($"glow.delivered.b-77.prep-7d.{clinic.Twilio.Messages[0].Sid}", receiver.Posts[^1].Id);
    }

    [Fact]
    public async Task An_address_that_is_named_no_more_ends_its_orchestration_and_named_again_has_another()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var clinic = await SubscribedAsync(receiver);
        receiver.Status = _ => StatusCodes.Status503ServiceUnavailable;
        await clinic.BookAsync(Some.Booking);
        await clinic.ReceiveAsync("What should I bring?", sid: "SM-1");
        await UntilAsync(() => receiver.Posts.Count > 0);
        var instance = EventFeed.InstanceId("glow", clinic.Column("SELECT id FROM webhook_feeds").Single());
        await clinic.Get<ClinicStore>().PutAsync(Some.Clinic, "test", None);
        await clinic.AfterAsync(Duration.FromHours(2));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await clinic.Client.WaitForInstanceCompletionAsync(instance, patience.Token)).RuntimeStatus);

        receiver.Status = _ => StatusCodes.Status200OK;
        await clinic.Get<ClinicStore>().PutAsync(Some.Clinic with { Webhooks = [new Subscription(receiver.Url, Every)] }, "test", None);
        await clinic.ReceiveAsync("And when?", sid: "SM-2");
        await UntilAsync(() => receiver.Taken.Count > 0);
        Assert.Equal("glow.replied.SM-2", receiver.Taken[0]);
    }

    [Fact]
    public async Task A_process_that_dies_between_the_post_and_its_record_posts_the_same_again_under_the_same_id()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var clinic = await SubscribedAsync(receiver);
        await clinic.BookAsync(Some.Booking);

        // The receiver has it, and then the store takes no word of it: somebody else writes, and the process dies.
        IDisposable? blocked = null;
        receiver.Status = _ =>
        {
            blocked ??= clinic.BlockWriters();
            return StatusCodes.Status200OK;
        };
        await clinic.ReceiveAsync("What should I bring?", sid: "SM-1");
        await UntilAsync(() => receiver.Posts.Count == 1);
        await clinic.RestartEngineAsync();
        blocked!.Dispose();
        await clinic.ReceiveAsync("And when?", sid: "SM-2");
        await UntilAsync(() => receiver.Taken.Count == 2 && clinic.Column("SELECT event_id FROM webhook_events").Count == 0);

        Assert.Equal(["glow.replied.SM-1", "glow.replied.SM-2"], receiver.Taken);
        Assert.Single(receiver.Posts.Where(post => post.Id == "glow.replied.SM-1").Select(post => post.Body).Distinct());
    }

    [Fact]
    public async Task An_address_that_is_long_down_loses_what_is_three_days_old_and_tells_by_a_number_left_out()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var clinic = await SubscribedAsync(receiver);
        receiver.Status = _ => StatusCodes.Status500InternalServerError;
        await clinic.BookAsync(Some.Booking);
        await clinic.ReceiveAsync("What should I bring?", sid: "SM-1");
        clinic.LetTheClockRun();
        await UntilAsync(() => clinic.Column("SELECT CAST(lost AS TEXT) FROM webhook_feeds").Contains("1"));
        receiver.Status = _ => StatusCodes.Status200OK;
        await UntilAsync(() => receiver.Taken.Count > 0);

        Assert.DoesNotContain("glow.replied.SM-1", receiver.Taken);
        Assert.True(receiver.Posts[^1].Sequence > 1);
    }

    /// <summary>Its library for Node.js, from npm, is what a receiver would check with.</summary>
    [Fact]
    public async Task The_reference_implementation_of_Standard_Webhooks_takes_our_signatures_and_no_changed_post()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var clinic = await SubscribedAsync(receiver);
        await clinic.BookAsync(Some.Booking with { Patient = Some.Patient with { Id = "p-9" } });
        await clinic.ReceiveAsync("What should I bring?", sid: "SM-1");
        await clinic.ReceiveAsync("STOP", sid: "SM-2");
        await UntilAsync(() => receiver.Taken.Count >= 3);

        var right = receiver.Posts.Select(post => new { post.Id, post.Timestamp, post.Signature, post.Body }).ToList();
        var post = right[0];
        object[] wrong =
        [
            post with { Body = post.Body.Replace("SM-1", "SM-3", StringComparison.Ordinal) },
            post with { Id = right[1].Id },
            post with { Signature = right[1].Signature },
            post with { Timestamp = (long.Parse(post.Timestamp, System.Globalization.CultureInfo.InvariantCulture) - 3600).ToString(System.Globalization.CultureInfo.InvariantCulture) },
        ];
        var secret = "whsec_" + Convert.ToBase64String(await clinic.Get<WebhookPostStore>().SigningKeyAsync("glow", None));
        var verdicts = await JudgeAsync(secret, [.. right, .. wrong]);

        Assert.Equal(right.Select(one => one.Id), verdicts.Take(right.Count).Select(verdict => verdict.Id));
        Assert.All(verdicts.Skip(right.Count), verdict => Assert.NotNull(verdict.Error));

        // Another clinic's key is another key.
        var others = "whsec_" + Convert.ToBase64String(await clinic.Get<WebhookPostStore>().SigningKeyAsync("other", None));
        Assert.All(await JudgeAsync(others, [.. right]), verdict => Assert.NotNull(verdict.Error));
    }

    [Fact]
    public async Task Two_addresses_do_not_wait_for_each_other()
    {
        await using var down = await Receiver.StartAsync();
        await using var up = await Receiver.StartAsync();
        down.Status = _ => StatusCodes.Status503ServiceUnavailable;
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.Get<ClinicStore>().PutAsync(
            Some.Clinic with { Webhooks = [new Subscription(down.Url, Every), new Subscription(up.Url, Every)] }, "test", None);
        await clinic.BookAsync(Some.Booking);
        await clinic.ReceiveAsync("What should I bring?", sid: "SM-1");
        await clinic.ReceiveAsync("And when?", sid: "SM-2");
        await UntilAsync(() => up.Taken.Count == 2 && down.Posts.Count > 0);

        Assert.Equal(["glow.replied.SM-1", "glow.replied.SM-2"], up.Taken);
        Assert.Equal(["glow.replied.SM-1"], down.Posts.Select(post => post.Id).Distinct());
    }

    [Fact]
    public async Task An_answer_that_leads_elsewhere_or_never_ends_is_no_answer()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var clinic = await SubscribedAsync(receiver);
        receiver.Status = post => StatusCodes.Status302Found;
        await clinic.BookAsync(Some.Booking);
        await clinic.ReceiveAsync("What should I bring?", sid: "SM-1");
        await UntilAsync(() => clinic.Column("SELECT coalesce(last_error, '') FROM webhook_feeds").Contains("HTTP 302"));

        Assert.Equal(["glow.replied.SM-1"], receiver.Posts.Select(post => post.Id));
    }

    [Fact]
    public async Task The_history_of_an_address_is_begun_anew_and_holds_neither_the_address_nor_the_event()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var clinic = await SubscribedAsync(receiver);
        receiver.Status = _ => StatusCodes.Status503ServiceUnavailable;
        await clinic.BookAsync(Some.Booking);
        await clinic.ReceiveAsync("What should I bring?", sid: "SM-1");
        clinic.LetTheClockRun();
        await UntilAsync(() => receiver.Posts.Count(post => post.Id == "glow.replied.SM-1") > 60);
        using var hold = clinic.Clock.Hold();

        var instance = await clinic.Client.GetInstanceAsync(EventFeed.InstanceId("glow", clinic.Column("SELECT id FROM webhook_feeds").Single()), getInputsAndOutputs: true, None);
        Assert.DoesNotContain("http", instance!.SerializedInput, StringComparison.Ordinal);
        Assert.DoesNotContain("SM-1", instance.SerializedInput, StringComparison.Ordinal);
    }

    private static Task<Verdict[]> JudgeAsync(string secret, IReadOnlyList<object> posts) => NpmJudge.AskAsync<Verdict[]>(
        "FollowUp.Workflows.Tests/npm",
        "standardwebhooks",
        new { secret, posts = posts.Select(post => JsonSerializer.SerializeToNode(post, JsonSerializerOptions.Web)) },
        JsonSerializerOptions.Web);

    private static string StepOf(Receiver receiver, string sid) =>
        (string)receiver.Posts.First(post => (string?)post.Event["data"]!["message"] == sid).Event["data"]!["step"]!;

    private static async Task<ClinicUnderTest> SubscribedAsync(Receiver receiver)
    {
        var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.Get<ClinicStore>().PutAsync(Some.Clinic with { Webhooks = [new Subscription(receiver.Url, Every)] }, "test", None);
        return clinic;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }

    private sealed record Verdict(string? Id, string? Error);
}
