using System.Net;

namespace Twilio.Http;

/// <summary>A request to Twilio's API: a form when it posts, a query when it gets.</summary>
public class Request
{
    private readonly string _path;

    /// <param name="method">GET or POST.</param>
    /// <param name="path">The path on Twilio's API host, with its query when the address came from Twilio.</param>
    internal Request(System.Net.Http.HttpMethod method, string path)
    {
        Method = method;
        _path = path;
    }

    internal System.Net.Http.HttpMethod Method { get; }

    internal IReadOnlyList<KeyValuePair<string, string>> QueryParams { get; init; } = [];

    internal IReadOnlyList<KeyValuePair<string, string>> PostParams { get; init; } = [];

    internal string? Username { get; private set; }

    internal string? Password { get; private set; }

    internal string? Region { get; set; }

    internal string? Edge { get; set; }

    internal void SetAuth(string username, string password) => (Username, Password) = (username, password);

    internal Uri ConstructUrl()
    {
        // An edge alone stands in Twilio's first region.
        string? region = Region ?? (Edge is null ? null : "us1");
        string host = string.Join('.', new[] { "api", Edge, region, "twilio.com" }.Where(part => !string.IsNullOrEmpty(part)));
        string query = string.Join('&', QueryParams.Select(p => $"{WebUtility.UrlEncode(p.Key)}={WebUtility.UrlEncode(p.Value)}"));
        return new Uri($"https://{host}{_path}{(query.Length == 0 ? "" : "?")}{query}");
    }
}
