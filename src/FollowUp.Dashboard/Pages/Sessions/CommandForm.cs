using FollowUp.Core.Contacts;
using FollowUp.Dashboard.Words;
using FollowUp.Data;
using FollowUp.Data.Sessions.Commands;

namespace FollowUp.Dashboard.Pages.Sessions;

/// <summary>A command as a form has it: what was filled in, and what that means.</summary>
/// <param name="Name">Which command.</param>
/// <param name="Step">The step, for those that are about one.</param>
/// <param name="Version">The version of the plan, for the one that moves to it.</param>
public sealed record CommandForm(string Name, string Step, string Version)
{
    public const string NameField = "command";
    public const string StepField = "command-step";
    public const string VersionField = "plan-version";

    private const int LargestVersion = 1_000_000;

    internal static CommandForm Read(Func<string, string?> value) =>
        new(value(NameField) ?? "", (value(StepField) ?? "").Trim(), (value(VersionField) ?? "").Trim());

    internal static CommandForm Of(SessionCommandKind kind, string? step = null) => new(EnumText.Of(kind), step ?? "", "");

    /// <summary>The command, or what is wrong with the form.</summary>
    internal (SessionCommand? Command, string? Mistake) Parse()
    {
        if (!EnumText.TryParse<SessionCommandKind>(Name, out var kind))
        {
            return (null, "Choose what to do.");
        }

        var takesStep = SessionCommand.TakesStep(kind);
        if (takesStep != false && Step.Length > 0 && !Identifier.IsValid(Step))
        {
            return (null, $"The step must be {Identifier.Rule}.");
        }

        if (takesStep == true && Step.Length == 0)
        {
            return (null, $"{CommandWords.Of(kind)} needs a step, such as remind-1d.");
        }

        if (kind != SessionCommandKind.MoveToPlan)
        {
            // A field that another command would use is left over from a choice that was changed.
            return (new SessionCommand(kind) { Step = takesStep != false && Step.Length > 0 ? Step : null }, null);
        }

        return int.TryParse(Version, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var version)
            && version is > 0 and <= LargestVersion
                ? (new SessionCommand(kind) { PlanVersion = version }, null)
                : (null, "Name the version of the plan to move to, such as 2.");
    }
}
