using System.CommandLine;
using FollowUp.Cli.Plans;
using FollowUp.Core.CarePlans;
using FollowUp.Core.Contacts;
using FollowUp.Core.Previews;
using FollowUp.Core.Sending;
using FollowUp.Core.Texts;
using FollowUp.Core.Timelines;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Cli.Commands;

/// <summary><c>preview</c>: what a patient would get over a course, as a table and as a picture.</summary>
internal static class PreviewCommand
{
    /// <summary>Stands for any number of the United States: its area code says nothing of a state, so the zone alone decides which law holds.</summary>
    private const string AnyUsNumber = "+18005550100";

    private static readonly LocalDateTimePattern StartPattern = LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm");
    private static readonly Period BookedAhead = Period.FromDays(14);

    public static Command Create()
    {
        Argument<string> plan = new("plan") { Description = "The id of a care plan, or a YAML file." };
        Option<string> starts = new("--starts") { Description = "When the first session starts, in local time, such as 2027-03-13T10:00.", Required = true };
        Option<string> zone = new("--zone") { Description = "The patient's IANA time zone, such as America/New_York.", Required = true };
        Option<int?> sessions = new("--sessions") { Description = "How many sessions are planned. Default: the fewest that the plan advises." };
        Option<string> language = new("--language") { Description = "The patient's language.", DefaultValueFactory = _ => "en" };
        Option<string?> phone = new("--phone") { Description = "The patient's number, whose state's law and price then count. Default: any number of the zone in the United States; elsewhere the cost is unknown without it." };
        Option<string> firstName = new("--first-name") { Description = "The patient's first name.", DefaultValueFactory = _ => "Ada" };
        Option<string> clinicName = new("--clinic-name") { Description = "The clinic that signs the texts.", DefaultValueFactory = _ => "Glow Skin Clinic" };
        Option<string> clinicPhone = new("--clinic-phone") { Description = "The clinic's phone, for patients to call.", DefaultValueFactory = _ => "(212) 555-0100" };
        Option<bool> essentials = new("--essentials-only") { Description = "For a patient who wants the necessary texts only." };
        Option<FileInfo?> svg = new("--svg") { Description = "Draws the course into this file too." };
        Command command = new("preview", "Shows what a patient would get over a whole course: local time, text, segments and cost. Stores and sends nothing.")
        {
            plan, starts, zone, sessions, language, phone, firstName, clinicName, clinicPhone, essentials, svg,
        };
        command.SetAction(parsed => CommandErrors.Catch(() =>
        {
            CarePlan found = PlanSource.Find(parsed.GetValue(plan)!);
            LocalDateTime start = StartPattern.Parse(parsed.GetValue(starts)!).TryGetValue(default, out LocalDateTime local)
                ? local
                : throw new CommandException("--starts takes a local date and time, such as 2027-03-13T10:00.");
            DateTimeZone place = Zones.Find(parsed.GetValue(zone)!)
                ?? throw new CommandException($"There is no IANA time zone '{parsed.GetValue(zone)}'. Write one such as America/New_York.");
            if (!LanguageTag.IsWellFormed(parsed.GetValue(language)!))
            {
                throw new CommandException("--language takes a language tag, such as en or es-MX.");
            }

            int planned = Planned(found, parsed.GetValue(sessions));
            CoursePreview preview = CoursePreview.Build(
                found,
                new SessionFacts
                {
                    StartsAt = LocalTimePolicy.ToInstant(start, place),
                    BookedAt = LocalTimePolicy.ToInstant(start - BookedAhead, place),
                    Zone = place,
                    SessionNumber = 1,
                    PlannedSessions = planned,
                    CareConsent = true,
                    MarketingConsent = true,
                    EssentialsOnly = parsed.GetValue(essentials),
                    Phone = (parsed.GetValue(phone) ?? (MarketingHours.StatesOf(place).Count > 0 ? AnyUsNumber : null)) is { } number ? Number(number) : null,
                },
                new TextFacts
                {
                    FirstName = parsed.GetValue(firstName)!,
                    ClinicName = parsed.GetValue(clinicName)!,
                    ClinicPhone = parsed.GetValue(clinicPhone)!,
                    StartsAt = start,
                    SessionNumber = 1,
                    PlannedSessions = planned,
                    Series = found.Series,
                },
                parsed.GetValue(language)!);
            PreviewScreen.Show(preview, Screen.Create());
            if (parsed.GetValue(svg) is { } file)
            {
                File.WriteAllText(file.FullName, SvgTimeline.Draw(preview));
                Console.WriteLine($"Drawn into {file.FullName}.");
            }

            return 0;
        }));
        return command;
    }

    private static int Planned(CarePlan plan, int? sessions)
    {
        int planned = sessions ?? plan.Series.MinSessions ?? 1;
        if (planned < 1 || planned > (plan.Series.MaxSessions ?? int.MaxValue))
        {
            throw new CommandException($"--sessions takes 1 to {plan.Series.MaxSessions}, the most that the plan has.");
        }

        return planned == 1 || plan.Series.SpacingMin is not null
            ? planned
            : throw new CommandException("The plan does not say how far apart its sessions are: preview one with --sessions 1.");
    }

    private static PhoneNumber Number(string text) =>
        PhoneNumber.TryParse(text, out PhoneNumber? number, out string? reason) ? number : throw new CommandException($"--phone: {reason}");
}
