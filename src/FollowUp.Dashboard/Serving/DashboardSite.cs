using System.Data.Common;
using FollowUp.Dashboard.Layout;
using FollowUp.Dashboard.Pages.Problems;
using FollowUp.Dashboard.SignIn;
using FollowUp.Dashboard.Words;
using FollowUp.Data.Overview;
using FollowUp.Data.Schema;
using FollowUp.Data.Staff;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.DurableTask.Client;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace FollowUp.Dashboard.Serving;

/// <summary>
/// Serves the dashboard: first who it is and whether they may, then whether a form is ours, then the page or the act. What changes something is
/// a POST, answered with 303 to a page.
/// </summary>
public sealed class DashboardSite
{
    private const int LargestForm = 64 * 1024;

    private readonly RouteMap _routes;
    private readonly Visitors _visitors;
    private readonly PageRenderer _renderer;
    private readonly PageFrames _frames;
    private readonly IAntiforgery _antiforgery;
    private readonly DashboardOptions _options;
    private readonly ILogger<DashboardSite> _log;

    internal DashboardSite(
        RouteMap routes, Visitors visitors, PageRenderer renderer, PageFrames frames, IAntiforgery antiforgery, DashboardOptions options,
        ILogger<DashboardSite> log) =>
        (_routes, _visitors, _renderer, _frames, _antiforgery, _options, _log) = (routes, visitors, renderer, frames, antiforgery, options, log);

    /// <summary>Answers a GET.</summary>
    /// <param name="path">Behind <c>/dashboard</c>, without the slash; null for the first page.</param>
    public Task<IResult> ShowAsync(HttpContext http, string? path, DurableTaskClient client, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(http);
        return GuardAsync(http, async () =>
        {
            var known = RouteMap.TryMatch(_routes.Pages, Path(path), out var route, out var values);
            if (await AdmitAsync(http, known ? route : null, values, cancellation) is not { } visit)
            {
                return SignInFirst(http);
            }

            if (route is null)
            {
                throw PageException.NotFound("page");
            }

            var request = new PageRequest
            {
                Http = http,
                Values = values,
                Visitor = visit.Visitor,
                Clinics = visit.Clinics,
                ClinicOrNone = visit.Clinic,
                Time = visit.Time,
                Client = client,
                Cancellation = cancellation,
            };
            var content = await route.Show(request);
            return content.Location is { } location ? SeeOther(http, location) : await AnswerAsync(http, visit, content, cancellation);
        }, cancellation);
    }

    /// <summary>Answers a POST.</summary>
    public Task<IResult> ActAsync(HttpContext http, string? path, DurableTaskClient client, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(http);
        return GuardAsync(http, async () =>
        {
            var known = RouteMap.TryMatch(_routes.Acts, Path(path), out var route, out var values);
            if (await AdmitAsync(http, known ? route : null, values, cancellation) is not { } visit)
            {
                return SignInFirst(http);
            }

            var form = await ReadFormAsync(http, cancellation);
            if (route is null)
            {
                throw PageException.NotFound("page");
            }

            if (_options.IsReadOnly && !route.ChangesNothing)
            {
                throw new PageException(StatusCodes.Status403Forbidden, "This dashboard is only for reading",
                    "The setting FollowUp:Dashboard:ReadOnly is on. Nothing was changed.");
            }

            var answer = await route.Act(new ActRequest
            {
                Http = http,
                Values = values,
                Visitor = visit.Visitor,
                Clinics = visit.Clinics,
                ClinicOrNone = visit.Clinic,
                Time = visit.Time,
                Client = client,
                Cancellation = cancellation,
                Form = form,
            });
            return answer.Location is { } location ? SeeOther(http, location) : await AnswerAsync(http, visit, answer.Again! with { RenewEvery = null }, cancellation);
        }, cancellation);
    }

    /// <summary>Null when somebody has to sign in first.</summary>
    private async Task<Visit?> AdmitAsync(HttpContext http, IRoute? route, IReadOnlyDictionary<string, string> values, CancellationToken cancellation)
    {
        var visit = await _visitors.IdentifyAsync(http, cancellation);
        if (visit.Visitor is not { } user)
        {
            return route is { Role: null } ? visit : null;
        }

        if (route?.Role is { } role && !user.May(role))
        {
            throw new PageException(StatusCodes.Status403Forbidden, "You may not do that",
                $"It needs the role {Labels.Of(role)}; yours is {Labels.Of(user.Role)}. Nothing was changed.");
        }

        if (route?.EveryClinic == true && user.Clinic is not null)
        {
            throw PageException.NotFound("page");
        }

        // A clinic of somebody else's and one that does not exist are one and the same to whoever asks.
        return values.TryGetValue(RouteMap.ClinicValue, out var clinic)
            ? visit.At(clinic) ?? throw PageException.NotFound("clinic")
            : visit;
    }

    private async Task<IFormCollection> ReadFormAsync(HttpContext http, CancellationToken cancellation)
    {
        var request = http.Request;
        if (request.ContentLength > LargestForm)
        {
            throw new PageException(StatusCodes.Status413PayloadTooLarge, "The form is too large", "Nothing was changed.");
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LargestForm;
        }

        try
        {
            if (request.HasFormContentType)
            {
                var form = await request.ReadFormAsync(cancellation);
                if (await _antiforgery.IsRequestValidAsync(http))
                {
                    return form;
                }
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            // Such as a multipart body that is none, or one that is larger than it said.
        }

        throw new PageException(StatusCodes.Status400BadRequest, "The form has expired",
            "It was not made by this dashboard for you, or you have signed in anew since. Go back, load the page again and repeat it. Nothing was changed.");
    }

    private async Task<IResult> AnswerAsync(HttpContext http, Visit visit, PageContent content, CancellationToken cancellation)
    {
        var frame = await _frames.MakeAsync(http, visit, cancellation);
        var page = await _renderer.RenderAsync(frame, content);
        var etag = $"\"{page.Version}\"";
        http.Response.Headers.ETag = etag;
        if (content.Status == StatusCodes.Status200OK && HttpMethods.IsGet(http.Request.Method) && http.Request.Headers.IfNoneMatch == etag)
        {
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }

        var tokens = _antiforgery.GetAndStoreTokens(http);

        // The library has written its own Cache-Control by now.
        SecurityHeaders.Add(http.Response);
        return Results.Content(page.Html(tokens.RequestToken!), "text/html; charset=utf-8", statusCode: content.Status);
    }

    private async Task<IResult> GuardAsync(HttpContext http, Func<Task<IResult>> serve, CancellationToken cancellation)
    {
        SecurityHeaders.Add(http.Response);
        if (_options.IsHttps)
        {
            // A proxy has taken the TLS off, and the host knows nothing of it: cookies are made for what the browser speaks.
            http.Request.Scheme = Uri.UriSchemeHttps;
        }

        try
        {
            return await serve();
        }
        catch (PageException problem)
        {
            return await ProblemAsync(http, problem, cancellation);
        }
        catch (Exception down) when (IsStoreDown(down) && !cancellation.IsCancellationRequested)
        {
            _log.LogError(down, "The dashboard could not reach the store.");
            return await PlainAsync(http, new PageException(StatusCodes.Status503ServiceUnavailable, "The store does not answer",
                "FollowUp cannot reach its database just now. Texts that are due wait and are sent when it is back. Try again in a minute."));
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            _log.LogError(exception, "The dashboard failed at {Path}.", http.Request.Path);
            return await PlainAsync(http, new PageException(StatusCodes.Status500InternalServerError, "Something went wrong here",
                "The log of the app says more. Trying again is safe."));
        }
    }

    /// <summary>A problem within the frame of whoever asked, so that they find their way on.</summary>
    private async Task<IResult> ProblemAsync(HttpContext http, PageException problem, CancellationToken cancellation)
    {
        try
        {
            var visit = await _visitors.IdentifyAsync(http, cancellation);
            return await AnswerAsync(http, visit, ProblemPage.Of(problem), cancellation);
        }
        catch (Exception down) when (IsStoreDown(down))
        {
            _log.LogError(down, "The dashboard could not reach the store.");
            return await PlainAsync(http, problem);
        }
    }

    /// <summary>A problem without a frame, for when the store cannot even say who asks.</summary>
    private async Task<IResult> PlainAsync(HttpContext http, PageException problem)
    {
        var content = ProblemPage.Of(problem);
        var page = await _renderer.RenderAsync(_frames.Bare(), content);
        SecurityHeaders.Add(http.Response);
        return Results.Content(page.Html(""), "text/html; charset=utf-8", statusCode: problem.Status);
    }

    private static bool IsStoreDown(Exception exception) => exception is DbException or DbUpdateException or SchemaException;

    private static string Path(string? path) => (path ?? "").TrimEnd('/');

    private IResult SignInFirst(HttpContext http)
    {
        if (_options.UsesAppService)
        {
            return SeeOther(http, LocalAddress.Home + "/sign-in");
        }

        // What somebody was about to do is lost, and they must know it; then back to where the form stood.
        var isForm = !HttpMethods.IsGet(http.Request.Method);
        var wanted = LocalAddress.OrHome(isForm ? PageOf(http.Request.Path) : http.Request.Path + http.Request.QueryString);
        var query = string.Join('&', new[]
        {
            wanted == LocalAddress.Home ? null : $"return={Uri.EscapeDataString(wanted)}",
            isForm && !http.Request.Path.Value!.EndsWith("/sign-out", StringComparison.OrdinalIgnoreCase) ? "done=not-done" : null,
        }.OfType<string>());
        return SeeOther(http, LocalAddress.Home + "/sign-in" + (query.Length == 0 ? "" : "?" + query));
    }

    /// <summary>The page whose form it was: forms go to addresses below their page's.</summary>
    private string PageOf(PathString form)
    {
        var parts = (form.Value ?? "")[LocalAddress.Home.Length..].Trim('/').Split('/');
        for (var length = parts.Length; length > 0; length--)
        {
            var page = string.Join('/', parts[..length]);
            if (page != "sign-in" && RouteMap.TryMatch(_routes.Pages, page, out _, out _))
            {
                return $"{LocalAddress.Home}/{page}";
            }
        }

        return LocalAddress.Home;
    }

    private static IResult SeeOther(HttpContext http, string location)
    {
        http.Response.Headers.Location = location;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }
}
