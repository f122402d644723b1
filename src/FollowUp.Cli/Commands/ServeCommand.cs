using System.CommandLine;
using FollowUp.Data.Moves;
using FollowUp.Data.Schema;
using FollowUp.EmbeddedHost.Functions;
using FollowUp.Functions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FollowUp.Cli.Commands;

/// <summary><c>serve</c>: the app on this machine, as <c>dotnet run --project src/FollowUp.Functions</c> would run it.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        Option<string> urls = new("--urls")
        {
            Description = "The address to listen on.",
            DefaultValueFactory = _ => "http://127.0.0.1:7071",
        };
        Option<DirectoryInfo> data = new("--data")
        {
            Description = "The data directory (setting FollowUp:DataDirectory). Default: .followup in the working directory.",
        };
        Command command = new("serve", "Runs the app: HTTP API, orchestrations and, with no Twilio account set, the phone emulator.") { urls, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            List<string> settings = ["--urls", parsed.GetValue(urls)!];
            if (parsed.GetValue(data) is { } directory)
            {
                settings.AddRange(["--FollowUp:DataDirectory", directory.FullName]);
            }

            try
            {
                using IHost host = AppHost.Create([.. settings]).Build();
                await host.RunAsync(cancellation);
                return 0;
            }
            catch (Exception refusal) when (refusal is HostStartException or OptionsValidationException or StoreMovedException or SchemaException)
            {
                await Console.Error.WriteLineAsync(refusal.Message);
                return 1;
            }
        });
        return command;
    }
}
