using System.Security.Cryptography;
using System.Text;
using FollowUp.Core.Previews;
using FollowUp.Dashboard.Serving;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Dashboard.Assets;

/// <summary>
/// The dashboard's style, script and picture, each under a name that holds its content's hash: a browser may keep it for ever, and a new version
/// is another name.
/// </summary>
public sealed class DashboardAssets
{
    private const string Forever = "public, max-age=31536000, immutable";

    private readonly Dictionary<string, (byte[] Content, string Type)> _files = new(StringComparer.Ordinal);

    public DashboardAssets()
    {
        Style = Add("dashboard.css", "text/css; charset=utf-8", SvgTimeline.Css);
        Script = Add("dashboard.js", "text/javascript; charset=utf-8", "");
        Icon = Add("icon.svg", "image/svg+xml", "");
    }

    public string Style { get; }

    public string Script { get; }

    public string Icon { get; }

    public IResult Serve(HttpContext http, string name)
    {
        ArgumentNullException.ThrowIfNull(http);
        SecurityHeaders.Add(http.Response);
        if (!_files.TryGetValue(name, out var file))
        {
            return Results.StatusCode(StatusCodes.Status404NotFound);
        }

        http.Response.Headers.CacheControl = Forever;
        return Results.Bytes(file.Content, file.Type);
    }

    /// <param name="more">What another part of FollowUp adds to it.</param>
    private string Add(string file, string type, string more)
    {
        using var reader = new StreamReader(typeof(DashboardAssets).Assembly.GetManifestResourceStream("Assets/" + file)!);
        var content = Encoding.UTF8.GetBytes(reader.ReadToEnd() + more);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content))[..16];
        var name = $"{Path.GetFileNameWithoutExtension(file)}-{hash}{Path.GetExtension(file)}";
        _files[name] = (content, type);
        return $"{LocalAddress.Home}/assets/{name}";
    }
}
