using FollowUp.Data.Keys;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Functions.Security;

/// <summary>Who makes a request, as <see cref="ApiKeyMiddleware"/> has found.</summary>
/// <param name="Actor">How the audit names them.</param>
/// <param name="Clinic">The one clinic that they may reach; null for all.</param>
/// <param name="ReadOnly">Whether they may read only.</param>
/// <param name="IsRoot">Whether they hold the root key.</param>
internal sealed record Caller(string Actor, string? Clinic, bool ReadOnly, bool IsRoot)
{
    public static readonly Caller Root = new("key:root", Clinic: null, ReadOnly: false, IsRoot: true);

    public static Caller With(ApiKey key) => new(key.Actor, key.Clinic, key.ReadOnly, IsRoot: false);

    /// <exception cref="InvalidOperationException">The request has not passed the middleware: it must not change anything.</exception>
    public static Caller Of(HttpRequest request) =>
        request.HttpContext.Items[typeof(Caller)] as Caller ?? throw new InvalidOperationException("Nobody knows who makes this request.");

    public void Enter(HttpContext http) => http.Items[typeof(Caller)] = this;
}
