using System.Text.Json;
using System.Text.Json.Serialization;
using FollowUp.TwilioEmulator.Messages;
using FollowUp.TwilioEmulator.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FollowUp.TwilioEmulator.Faults;

/// <summary>GET, PUT and DELETE <c>{prefix}/emulator/faults</c>; see <see cref="Fault"/> for the JSON.</summary>
internal static class FaultsApi
{
    private const int MaxFaults = 1000;

    private static readonly TimeSpan s_longestDelay = TimeSpan.FromDays(30);

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
    };

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/emulator/faults", (EmulatorDatabase database) => Current(database));
        endpoints.MapDelete("/emulator/faults", (EmulatorDatabase database) =>
        {
            database.Write(session => FaultStore.Replace(session, []));
            return Results.NoContent();
        });
        endpoints.MapPut("/emulator/faults", ReplaceAsync);
    }

    private static async Task<IResult> ReplaceAsync(HttpRequest request, EmulatorDatabase database, CancellationToken cancellation)
    {
        if (!request.HasJsonContentType())
        {
            return Results.Problem("The body has to be application/json.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        }

        List<Fault>? faults;
        try
        {
            faults = await request.ReadFromJsonAsync<List<Fault>>(s_json, cancellation);
        }
        catch (JsonException e)
        {
            return Results.Problem(
                $"The body is not a list of faults: see {e.Path ?? "its beginning"}. Kinds are {string.Join(", ", Kinds())}.",
                statusCode: StatusCodes.Status400BadRequest);
        }

        if (Check(faults ?? []) is { } problem)
        {
            return Results.Problem(problem, statusCode: StatusCodes.Status400BadRequest);
        }

        database.Write(session => FaultStore.Replace(session, faults ?? []));
        return Current(database);
    }

    private static IResult Current(EmulatorDatabase database) => Results.Json(database.Read(FaultStore.All), s_json);

    private static string? Check(List<Fault> faults)
    {
        if (faults.Count > MaxFaults)
        {
            return $"At most {MaxFaults} faults can be set.";
        }

        foreach (var fault in faults)
        {
            var kind = JsonNamingPolicy.KebabCaseLower.ConvertName(fault.Kind.ToString());
            if (fault.To is not null && Addresses.ReadNumber(fault.To) != fault.To)
            {
                return $"{kind}: 'to' has to be a number such as +14155550123.";
            }

            if (fault.Count < 1)
            {
                return $"{kind}: 'count' has to be at least 1.";
            }

            if (fault.Code is not null && fault.Kind is not (FaultKind.Undelivered or FaultKind.Failed or FaultKind.Refused))
            {
                return $"{kind}: 'code' is for undelivered, failed and refused.";
            }

            if (fault.Code is null && fault.Kind == FaultKind.Refused)
            {
                return $"{kind}: 'code' is missing.";
            }

            if (fault.Code is < 10000 or > 99999)
            {
                return $"{kind}: 'code' has to be one of Twilio's, which have five digits.";
            }

            if (fault.Kind == FaultKind.CallbackDelay
                    ? !(fault.DelaySeconds > 0 && fault.DelaySeconds <= s_longestDelay.TotalSeconds)
                    : fault.DelaySeconds is not null)
            {
                return $"{kind}: 'delaySeconds' is for callback-delay, which needs it: above 0 and at most {s_longestDelay.TotalSeconds}.";
            }
        }

        return null;
    }

    private static IEnumerable<string> Kinds() =>
        Enum.GetNames<FaultKind>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName);
}
