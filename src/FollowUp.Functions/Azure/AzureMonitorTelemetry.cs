using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace FollowUp.Functions;

// Compiled in the Azure build alone: the embedded host writes its log to the console, and sends nothing anywhere.
public static partial class ServiceRegistration
{
    /// <summary>What Application Insights is, and who may send to it; the host reads the same two.</summary>
    private const string Connection = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string Authentication = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    /// <summary>Sends logs, traces and metrics to Azure Monitor, as the identity that the settings name. Without a connection nothing is sent.</summary>
    static partial void AddTelemetry(FunctionsApplicationBuilder builder)
    {
        Quieten(builder.Logging);
        if (builder.Configuration[Connection] is not { Length: > 0 } connection)
        {
            return;
        }

        var credential = Credential(builder.Configuration[Authentication]);
        builder.Services.AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .UseAzureMonitorExporter(options =>
            {
                options.ConnectionString = connection;
                options.Credential = credential;

                // The alerts count log lines, so each must get there, also those of calls whose trace is sampled away.
                options.EnableTraceBasedLogsSampler = false;
                options.EnableLiveMetrics = false;
            });
    }

    /// <summary>
    /// Each of these writes a line or more for every request or query at the level Information, the level of our own lines: dozens for one call. The
    /// worker hands every line to the host too, so it is not enough to keep them from the exporter.
    /// </summary>
    private static void Quieten(ILoggingBuilder logging)
    {
        foreach (var category in new[] { "Microsoft.EntityFrameworkCore", "Microsoft.AspNetCore", "Npgsql", "Azure", "System.Net.Http" })
        {
            logging.AddFilter(category, LogLevel.Warning);
        }
    }

    /// <summary>
    /// Of "Authorization=AAD;ClientId=..." the identity to send as: the user-assigned one, or without a client id the system-assigned. Null without
    /// AAD: the connection string alone is what opens Application Insights then.
    /// </summary>
    private static ManagedIdentityCredential? Credential(string? authentication)
    {
        var parts = (authentication ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(part => part.Length == 2)
            .ToDictionary(part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase);
        return parts.GetValueOrDefault("Authorization") is "AAD"
            ? new ManagedIdentityCredential(
                parts.GetValueOrDefault("ClientId") is { Length: > 0 } client ? ManagedIdentityId.FromUserAssignedClientId(client) : ManagedIdentityId.SystemAssigned)
            : null;
    }
}
