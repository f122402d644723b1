using System.CommandLine;
using FollowUp.Cli.Commands;

RootCommand root = new("FollowUp texts patients before and after their treatment sessions. This is its command line.")
{
    DemoCommand.Create(),
    ServeCommand.Create(),
    PreviewCommand.Create(),
    ValidateCommand.Create(),
    KeysCommand.Create(),
    HealthCommand.Create(),
    ReplayCommand.Create(),
    BackupCommand.Create(),
    RestoreCommand.Create(),
    ExportCommand.Create(),
    ImportCommand.Create(),
};

// A host that is stopped ends what is under way, which the usual two seconds may cut short.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
