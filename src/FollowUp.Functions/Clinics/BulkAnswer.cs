using System.Text.Json.Nodes;
using FollowUp.Data;
using FollowUp.Data.Bulk;
using FollowUp.Data.Sessions.Commands;
using FollowUp.Functions.Http;

namespace FollowUp.Functions.Clinics;

/// <summary>Commands on many sessions as the contract shows them.</summary>
internal static class BulkAnswer
{
    public static object Of(BulkView bulk) => new
    {
        bulk.Clinic,
        bulk = bulk.Id,
        command = EnumText.Of(bulk.Command.Kind),
        bulk.Command.Step,
        bulk.Command.PlanVersion,
        filter = JsonNode.Parse(bulk.Filter),
        state = EnumText.Of(bulk.State),
        bulk.Total,
        bulk.Done,
        bulk.Unchanged,
        bulk.Refused,
        bulk.Reasons,
        bulk.Refusals,
        bulk.Actor,
        createdAt = Answers.Moment(bulk.CreatedAt),
        endedAt = Answers.Moment(bulk.EndedAt),
    };

    public static object Of(BulkPreview preview, SessionCommand command) => new
    {
        dryRun = true,
        command = EnumText.Of(command.Kind),
        command.Step,
        command.PlanVersion,
        preview.Total,
        preview.Checked,
        preview.WouldChange,
        preview.Unchanged,
        preview.Refused,
        sessions = preview.Sessions.Select(item => new { item.Session, patient = new { id = item.PatientId, item.FirstName } }),
        preview.Reasons,
        preview.Refusals,
    };
}
