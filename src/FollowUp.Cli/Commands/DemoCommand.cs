using System.CommandLine;
using FollowUp.Cli.Demo;
using FollowUp.Cli.Demo.Keeping;

namespace FollowUp.Cli.Commands;

/// <summary><c>demo</c>: a clinic's courses from beginning to end in less than half a minute; with <c>--keep</c> a clinic to look at.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        Option<FileInfo> bookings = new("--bookings")
        {
            Description = $"A CSV file of bookings to play, with the columns {Demo.Bookings.BookingsFile.Columns}. Default: a sample clinic.",
            DefaultValueFactory = _ => new FileInfo(Path.Combine(AppContext.BaseDirectory, "Demo", "sample-bookings.csv")),
        };
        Option<double?> pace = new("--days-per-second")
        {
            Description = "How many days pass in a second. Default: the whole course takes about 5 seconds of pure waiting.",
        };
        pace.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is <= 0 or > 1000)
            {
                result.AddError("--days-per-second takes a number above 0 and at most 1000.");
            }
        });
        Option<string> clinicName = new("--clinic-name") { Description = "The clinic that signs the texts.", DefaultValueFactory = _ => "Glow Skin Clinic" };
        Option<string> clinicPhone = new("--clinic-phone") { Description = "The clinic's phone, for patients to call.", DefaultValueFactory = _ => "+12125550100" };
        Option<string> zone = new("--time-zone") { Description = "The clinic's IANA time zone.", DefaultValueFactory = _ => "America/New_York" };
        Command command = new("demo", "Plays a clinic's whole courses through the real host, HTTP API and phone emulator on a fast clock, and prints every text.")
        {
            bookings, pace, clinicName, clinicPhone, zone,
        };
        KeepOptions keep = new();
        keep.AddTo(command, [bookings, pace, clinicName, clinicPhone, zone]);
        command.SetAction((parsed, cancellation) => keep.Read(parsed) is { } kept
            ? KeptDemo.RunAsync(kept, Screen.Create(), Console.Error, cancellation)
            : DemoRun.RunAsync(new DemoRequest(
                parsed.GetValue(bookings)!.FullName,
                parsed.GetValue(pace),
                parsed.GetValue(clinicName)!,
                parsed.GetValue(clinicPhone)!,
                parsed.GetValue(zone)!),
            Screen.Create(),
            Console.Error,
            cancellation));
        return command;
    }
}
