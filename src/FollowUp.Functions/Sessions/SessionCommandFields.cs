using FollowUp.Data;
using FollowUp.Data.Sessions.Commands;
using FollowUp.Functions.Http;

namespace FollowUp.Functions.Sessions;

/// <summary>The fields of a command: <c>command</c>, and <c>step</c> or <c>planVersion</c> where its kind takes them.</summary>
internal static class SessionCommandFields
{
    /// <summary>The commands, as JSON spells them.</summary>
    public static IReadOnlyList<string> Names { get; } = EnumText.All<SessionCommandKind>();

    /// <returns>Null when something is wrong; that is on record.</returns>
    public static SessionCommand? Read(JsonFields fields, string? name)
    {
        var isKnown = EnumText.TryParse<SessionCommandKind>(name, out var kind);
        var takesStep = isKnown ? SessionCommand.TakesStep(kind) : null;
        var step = fields.Text("step", required: takesStep == true, FieldRules.Id);
        var version = fields.Integer("planVersion", required: isKnown && kind == SessionCommandKind.MoveToPlan);
        if (isKnown && takesStep == false && step is not null)
        {
            fields.Error("step", $"The command {name} is about the whole session.");
        }

        if (isKnown && kind != SessionCommandKind.MoveToPlan && version is not null)
        {
            fields.Error("planVersion", $"The command {name} takes none.");
        }

        return isKnown ? new SessionCommand(kind) { Step = step, PlanVersion = version } : null;
    }
}
