using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Functions.Http;

/// <summary>JSON as the contract spells it.</summary>
internal static class Answers
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static IResult Json(object value, int status = StatusCodes.Status200OK) => Results.Json(value, Web, statusCode: status);

    /// <summary>UTC, as in 2026-11-24T18:00:00Z.</summary>
    public static string Moment(Instant instant) => InstantPattern.ExtendedIso.Format(instant);

    public static string? Moment(Instant? instant) => instant is { } known ? Moment(known) : null;
}
