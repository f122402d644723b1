using System.Globalization;
using FollowUp.Data;
using FollowUp.Data.Alerts;
using FollowUp.Data.Clinics;
using FollowUp.Data.Webhooks;
using FollowUp.Functions.Http;
using FollowUp.Workflows.Inbox;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FollowUp.Functions.Alerts;

/// <summary>What a clinic's staff must learn, and that they have.</summary>
public sealed class AlertFunctions(AlertStore alerts, WebhookPostStore posts, ClinicStore clinics, StaffDesk desk)
{
    private const string AlertsRoute = "api/clinics/{clinic}/alerts";

    [Function(nameof(GetAlerts))]
    public async Task<IResult> GetAlerts(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = AlertsRoute)] HttpRequest request,
        string clinic,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        PathIds.Check(("clinic", clinic));
        var page = Paging.Read(request, parts: 1);
        long? before = page.After is [var id] ? ReadId(id) ?? throw Paging.BadCursor() : null;
        var rows = await alerts.ListAsync(clinic, request.Query["open"] == "true", before, page.Limit + 1, cancellation);
        return Paging.Page(rows, page.Limit, Answer, row => Paging.Cursor(row.Id.ToString(CultureInfo.InvariantCulture)));
    }

    [Function(nameof(PostAlertAcknowledgement))]
    public async Task<IResult> PostAlertAcknowledgement(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = AlertsRoute + "/{alert}/acknowledgement")] HttpRequest request,
        string clinic,
        string alert,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        PathIds.Check(("clinic", clinic));
        using var body = await RequestBody.ReadAsync(request, cancellation);
        var fields = new JsonFields(body.RootElement);
        var by = fields.Text("by", required: true, FieldRules.Words(100));
        fields.ThrowIfWrong();
        if (ReadId(alert) is not { } id || await desk.AcknowledgeAsync(client, clinic, id, by!, Actors.Of(request), cancellation) is not { } acknowledged)
        {
            throw new ProblemException(StatusCodes.Status404NotFound, "The clinic has no such alert.", null);
        }

        return Answers.Json(Answer(acknowledged.Alert));
    }

    /// <summary>What the clinic's systems check the signature of our posts with.</summary>
    [Function(nameof(GetWebhookSecret))]
    public async Task<IResult> GetWebhookSecret(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/clinics/{clinic}/webhook-secret")] HttpRequest request,
        string clinic,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        PathIds.Check(("clinic", clinic));
        if (await clinics.FindAsync(clinic, cancellation) is null)
        {
            throw Problems.UnknownClinic(clinic);
        }

        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Answers.Json(new { secret = "whsec_" + Convert.ToBase64String(await posts.SigningKeyAsync(clinic, cancellation)) });
    }

    private static long? ReadId(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static object Answer(AlertView alert) => new
    {
        alert = alert.Id,
        kind = EnumText.Of(alert.Kind),
        alert.Urgent,
        alert.Patient,
        alert.Session,
        alert.Step,
        alert.Message,
        alert.Messages,
        alert.Detail,
        raisedAt = Answers.Moment(alert.RaisedAt),
        toldAt = Answers.Moment(alert.ToldAt),
        alert.TimesTold,
        acknowledgedAt = Answers.Moment(alert.AcknowledgedAt),
        alert.AcknowledgedBy,
    };
}
