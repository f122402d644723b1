using FollowUp.Functions.Security;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Functions;

/// <summary>Who is named in the audit.</summary>
internal static class Actors
{
    /// <summary>Whoever makes the request: <c>key:root</c>, or <c>key:</c> and the id of their key.</summary>
    public static string Of(HttpRequest request) => Caller.Of(request).Actor;
}
