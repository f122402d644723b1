using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace FollowUp.EmbeddedHost.Functions.Lifetime;

/// <summary>Lets a process that the host refuses to start end with the reason on stderr and exit code 1, rather than with a stack trace.</summary>
internal static class StartRefusal
{
    private static int _installed;

    public static void Report()
    {
        if (Interlocked.Exchange(ref _installed, 1) == 0)
        {
            AppDomain.CurrentDomain.UnhandledException += (_, e) =>
            {
                // Kestrel's own exception for an address that another program listens on is as plain as ours, and so are those of the app's settings.
                if (e.ExceptionObject is HostStartException or OptionsValidationException or IOException { InnerException: AddressInUseException })
                {
                    System.Console.Error.WriteLine(((Exception)e.ExceptionObject).Message);
                    Environment.Exit(1);
                }
            };
        }
    }
}
