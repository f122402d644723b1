using System.CommandLine;
using FollowUp.Cli.Demo.Keeping;
using FollowUp.Cli.Demo.Story;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Cli.Commands;

/// <summary><c>demo --keep</c> and the options that go with it alone.</summary>
internal sealed class KeepOptions
{
    private const double Fastest = 24 * 60;
    private readonly Option<bool> _keep = new("--keep")
    {
        Description = "Leaves the app running, with a clinic of 300 patients in every state, to look at its dashboard. Ctrl+C stops it.",
    };

    private readonly Option<int> _patients = new("--patients")
    {
        Description = $"With --keep: how many patients the clinic has, {ClinicStory.FewestPatients} to {ClinicStory.MostPatients}.",
        DefaultValueFactory = _ => 300,
    };

    private readonly Option<double> _minutesPerSecond = new("--minutes-per-second")
    {
        Description = "With --keep: how many minutes of the clinic's day pass in a second, once it is there to be looked at.",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<LocalDate?> _today = new("--today")
    {
        Description = "With --keep: the clinic's day when it is there to be looked at, a Tuesday such as 2027-03-02. Default: the last Tuesday.",
        CustomParser = result => LocalDatePattern.Iso.Parse(result.Tokens[0].Value) is not { Success: true } date
                ? Refuse(result, $"--today takes a date such as 2027-03-02; it is '{result.Tokens[0].Value}'.")
            : date.Value.DayOfWeek != IsoDayOfWeek.Tuesday ? Refuse(result, "--today must be a Tuesday: the story needs working days around it.")
            : date.Value,
    };

    private readonly Option<string> _urls = new("--urls")
    {
        Description = "With --keep: the address to listen on.",
        DefaultValueFactory = _ => "http://127.0.0.1:7071",
    };

    private readonly Option<DirectoryInfo> _data = new("--data")
    {
        Description = "With --keep: an empty directory for the demo's data, which then stay; given again, the demo goes on with them. Default: a temporary one.",
    };

    public KeepOptions()
    {
        _patients.Validators.Add(result => RefuseUnless(
            result, result.GetValueOrDefault<int>() is >= ClinicStory.FewestPatients and <= ClinicStory.MostPatients,
            $"--patients takes a number from {ClinicStory.FewestPatients} to {ClinicStory.MostPatients}."));
        _minutesPerSecond.Validators.Add(result => RefuseUnless(
            result, result.GetValueOrDefault<double>() is > 0 and <= Fastest, $"--minutes-per-second takes a number above 0 and at most {Fastest}."));
    }

    /// <summary>Adds the options to the command, and sees that none stands with those of the demo that ends.</summary>
    /// <param name="command">The command.</param>
    /// <param name="others">The options of the demo that ends.</param>
    public void AddTo(Command command, IReadOnlyList<Option> others)
    {
        Option[] own = [_patients, _minutesPerSecond, _today, _urls, _data];
        command.Add(_keep);
        foreach (Option option in own)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            bool keeps = result.GetValue(_keep);
            if ((keeps ? others : own).FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } wrong)
            {
                result.AddError(keeps ? $"{wrong.Name} does not go with --keep, whose clinic is its own." : $"{wrong.Name} needs --keep.");
            }
        });
    }

    /// <summary>What is asked for; null without <c>--keep</c>.</summary>
    public KeepRequest? Read(ParseResult parsed) => parsed.GetValue(_keep)
        ? new KeepRequest(
            parsed.GetValue(_patients), parsed.GetValue(_today), parsed.GetValue(_minutesPerSecond), parsed.GetValue(_urls)!, parsed.GetValue(_data))
        : null;

    private static LocalDate? Refuse(System.CommandLine.Parsing.ArgumentResult result, string why)
    {
        result.AddError(why);
        return null;
    }

    private static void RefuseUnless(System.CommandLine.Parsing.OptionResult result, bool isFine, string why)
    {
        if (!isFine)
        {
            result.AddError(why);
        }
    }
}
