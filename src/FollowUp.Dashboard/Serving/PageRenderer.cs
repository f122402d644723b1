using System.Security.Cryptography;
using System.Text;
using FollowUp.Dashboard.Layout;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FollowUp.Dashboard.Serving;

/// <summary>Makes a page's HTML, whole, before anything is sent: a component that fails becomes a page that says so, and not half a page.</summary>
internal sealed class PageRenderer(IServiceScopeFactory scopes, ILoggerFactory loggers)
{
    /// <summary>
    /// Stands for what differs each time a page is made, so that two pages that say the same are the same. Random, so that no text of a patient
    /// can hold it.
    /// </summary>
    public static readonly string TokenMark = "form-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Stands for the present moment: that time passes is no news.</summary>
    public static readonly string NowMark = "now-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public static readonly string VersionMark = "version-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public async Task<RenderedPage> RenderAsync(PageFrame frame, PageContent content)
    {
        // ASP.NET registers scoped services that the renderer takes for itself. The real worker refuses these from the root provider when it
        // runs in the environment Development, as it does under "func start".
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var output = await renderer.RenderComponentAsync<Document>(ParameterView.FromDictionary(
                new Dictionary<string, object?> { [nameof(Document.Frame)] = frame, [nameof(Document.Content)] = content }));
            return output.ToHtmlString();
        });
        return new RenderedPage(html, frame.Time.Full(frame.Time.Now), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(html)))[..32]);
    }
}

/// <param name="Template">With marks in it.</param>
/// <param name="Now">The present moment in words.</param>
/// <param name="Version">The same for pages that say the same.</param>
internal sealed record RenderedPage(string Template, string Now, string Version)
{
    public string Html(string formToken) => Template
        .Replace(PageRenderer.NowMark, Now, StringComparison.Ordinal)
        .Replace(PageRenderer.TokenMark, formToken, StringComparison.Ordinal)
        .Replace(PageRenderer.VersionMark, Version, StringComparison.Ordinal);
}
