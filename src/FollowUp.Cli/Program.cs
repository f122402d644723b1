using System.CommandLine;
using FollowUp.Cli.Commands;

RootCommand root = new("FollowUp texts patients before and after their treatment sessions. This is its command line.")
{
    DemoCommand.Create(),
    ServeCommand.Create(),
    PreviewCommand.Create(),
    ValidateCommand.Create(),
    KeysCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
