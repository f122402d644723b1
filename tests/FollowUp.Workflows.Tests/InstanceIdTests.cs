using FollowUp.Data;
using FollowUp.Data.Bulk;
using FollowUp.Data.Clinics;
using FollowUp.Data.Direct;
using FollowUp.Testing;
using FollowUp.Workflows.Alerts;
using FollowUp.Workflows.Imports;
using FollowUp.Workflows.Webhooks;
using Microsoft.DurableTask.Client;

namespace FollowUp.Workflows.Tests;

/// <summary>Durable Task Scheduler takes ids of at most 100 characters; a clinic's and a session's id have up to 64 each.</summary>
public class InstanceIdTests
{
    private static readonly string LongClinic = new('c', 64);

    public static TheoryData<string> LongestIds() =>
    [
        new SessionKey(LongClinic, new string('s', 64)).InstanceId,
        new DirectMessageKey(LongClinic, new string('d', 64)).InstanceId,
        new BulkKey(LongClinic, new string('b', 64)).InstanceId,
        ImportBookings.InstanceId(LongClinic, new string('i', 64)),
        EventFeed.InstanceId(LongClinic, new string('f', 64)),
        StaffAlerts.InstanceId(LongClinic),
        WebhookDelivery.InstanceId(new string('w', 64)),
    ];

    [Theory]
    [MemberData(nameof(LongestIds))]
    public void Every_kind_of_orchestration_has_an_id_that_every_engine_takes(string id) => Assert.InRange(id.Length, 1, 100);

    [Fact]
    public void Long_ids_that_differ_in_their_last_letter_stay_apart()
    {
        var ids = "abc".Select(last => new SessionKey(LongClinic, new string('s', 63) + last).InstanceId).ToList();

        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void An_id_never_changes_from_one_release_to_the_next()
    {
        Assert.Equal("glow:b-77", Some.Session.InstanceId);
        Assert.Equal(
            "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc:ss~0cedfbc2e15135f4461a860da439cfb3",
            new SessionKey(LongClinic, new string('s', 64)).InstanceId);
    }

    [Fact]
    public async Task A_session_with_the_longest_ids_lives_through_its_course()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.Get<ClinicStore>().PutAsync(Some.Clinic with { Id = LongClinic }, "test", CancellationToken.None);
        var key = new SessionKey(LongClinic, new string('s', 64));
        await clinic.BookAsync(Some.Booking with { Key = key });
        var instance = await clinic.PlayAsync(key);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, instance.RuntimeStatus);
        Assert.Equal(10, clinic.Twilio.Messages.Count);
    }
}
