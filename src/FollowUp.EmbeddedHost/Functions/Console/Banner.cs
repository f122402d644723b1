using FollowUp.EmbeddedHost.Functions.Http;
using FollowUp.EmbeddedHost.Functions.Invocation;
using FollowUp.EmbeddedHost.Functions.Settings;
using Microsoft.Azure.Functions.Worker.Builder;

namespace FollowUp.EmbeddedHost.Functions.Console;

/// <summary>What the host says when it is up.</summary>
public static class Banner
{
    /// <summary>Keeps the banner away, for a command that writes its own output.</summary>
    public static FunctionsApplicationBuilder HideBanner(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Properties[typeof(Banner)] = false;
        return builder;
    }

    internal static bool IsHidden(IDictionary<object, object> properties) => properties.ContainsKey(typeof(Banner));

    /// <param name="settings">What the host was started with.</param>
    /// <param name="functions">What it serves.</param>
    /// <param name="routes">Where it serves them.</param>
    /// <param name="isRead">Whether a person reads it on a terminal; what goes into a file or a log must hold no key.</param>
    internal static string Text(HostSettings settings, IReadOnlyList<HostFunction> functions, HttpRoutes routes, bool isRead)
    {
        string local = settings.Addresses.Local;
        List<(string Name, string Value)> lines =
        [
            ("listening on", string.Join(", ", settings.Addresses.Urls)),
        ];
        foreach ((string name, string route) in new[] { ("dashboard", "dashboard"), ("health", "api/health") })
        {
            if (routes.Serves(route) || routes.Serves(route + "/{*path}"))
            {
                lines.Add((name, $"{local}/{route}"));
            }
        }

        if (settings.Emulator is not null)
        {
            lines.Add(("phone", local + "/phone"));
            lines.Add(("texts", "stay on this machine: no Twilio account is set"));
        }

        lines.Add(("data", settings.Data.FullPath));
        lines.Add(("clock", settings.ClockDescription));
        lines.Add(("functions", string.Join(", ", functions.GroupBy(f => f.Kind).OrderBy(g => g.Key).Select(g => $"{g.Count()} {Kind(g.Key)}"))));
        if (settings.NewApiKey is not null && isRead)
        {
            lines.Add(("API key", $"{settings.NewApiKey} (made just now and shown once; kept in {settings.Data.File(HostSettings.ApiKeyFile)})"));
        }
        else if (settings.ApiKeyIsKept)
        {
            lines.Add(("API key", $"kept in {settings.Data.File(HostSettings.ApiKeyFile)}"));
        }

        return "FollowUp is up. Ctrl-C stops it." + string.Concat(lines.Select(line => $"{Environment.NewLine}  {line.Name,-13} {line.Value}"));
    }

    private static string Kind(TriggerKind kind) => kind switch
    {
        TriggerKind.Http => "HTTP",
        TriggerKind.Timer => "timer",
        TriggerKind.Orchestration => "orchestrator",
        _ => "activity",
    };
}
