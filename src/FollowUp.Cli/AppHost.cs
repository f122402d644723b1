using FollowUp.Functions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

namespace FollowUp.Cli;

/// <summary>The app in this process, put together as its own Program.cs does.</summary>
internal static class AppHost
{
    /// <param name="settings">As on the app's command line: <c>--Name value</c>.</param>
    public static FunctionsApplicationBuilder Create(string[] settings)
    {
        FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(settings);
        builder.ConfigureFunctionsWebApplication();
        builder.AddFollowUp();
        return builder;
    }
}
