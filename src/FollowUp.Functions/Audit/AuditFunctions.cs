using System.Globalization;
using FollowUp.Data.AuditTrail;
using FollowUp.Data.Clinics;
using FollowUp.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Functions.Audit;

/// <summary>Who did what at a clinic.</summary>
public sealed class AuditFunctions(AuditStore audit, ClinicStore clinics)
{
    [Function(nameof(GetAudit))]
    public async Task<IResult> GetAudit(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/clinics/{clinic}/audit")] HttpRequest request,
        string clinic,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        PathIds.Check(("clinic", clinic));
        var fields = new QueryFields(request);
        var since = fields.Text("since", FieldRules.AnyMoment);
        var subject = fields.Text("subject", FieldRules.Id);
        fields.ThrowIfWrong();
        var page = Paging.Read(request, parts: 2);
        var rows = await audit.ListAsync(
            clinic, since is null ? null : FieldRules.ParseMoment(since), subject, Before(page), page.Limit + 1, cancellation);
        return rows.Count == 0 && await clinics.FindAsync(clinic, cancellation) is null
            ? throw Problems.UnknownClinic(clinic)
            : Paging.Page(rows, page.Limit, Answer, row => Paging.Cursor(Answers.Moment(row.At), row.Id.ToString(CultureInfo.InvariantCulture)));
    }

    private static (Instant At, long Id)? Before(Paging page) => page.After is not [var at, var id]
        ? null
        : InstantPattern.ExtendedIso.Parse(at) is { Success: true } moment && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (moment.Value, number)
            : throw Paging.BadCursor();

    private static object Answer(AuditLine line) => new
    {
        id = line.Id,
        at = Answers.Moment(line.At),
        line.Actor,
        line.Action,
        line.Subject,
        line.Detail,
    };
}
