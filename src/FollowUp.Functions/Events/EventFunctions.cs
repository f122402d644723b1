using FollowUp.Data;
using FollowUp.Data.Webhooks;
using FollowUp.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FollowUp.Functions.Events;

/// <summary>How the web addresses do that a clinic has its events posted to.</summary>
public sealed class EventFunctions(WebhookFeedStore feeds)
{
    [Function(nameof(GetWebhooks))]
    public async Task<IResult> GetWebhooks(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/clinics/{clinic}/webhooks")] HttpRequest request,
        string clinic,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        PathIds.Check(("clinic", clinic));
        new QueryFields(request).ThrowIfWrong();
        var views = await feeds.ListAsync(clinic, cancellation) ?? throw Problems.UnknownClinic(clinic);
        return Answers.Json(new { webhooks = views.Select(Answer) });
    }

    private static object Answer(WebhookView view) => new
    {
        view.Subscription.Url,
        events = view.Subscription.Events.Select(EnumText.Of),
        state = view.GoneAt is not null ? "gone" : view.FailingSince is not null ? "failing" : "working",
        view.Waiting,
        view.Failures,
        failingSince = Answers.Moment(view.FailingSince),
        view.LastError,
        nextAt = Answers.Moment(view.NextAt),
        takenAt = Answers.Moment(view.TakenAt),
        view.Lost,
        lostAt = Answers.Moment(view.LostAt),
        goneAt = Answers.Moment(view.GoneAt),
    };
}
