using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using FollowUp.Core.CarePlans;
using FollowUp.Data.Imports;
using FollowUp.Functions.Http;
using FollowUp.Workflows.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using NodaTime.Text;

namespace FollowUp.Functions.Imports;

/// <summary>Files of bookings: checked line by line at once, booked in the background, reported line by line.</summary>
public sealed class ImportFunctions(
    ImportStore imports, ImportForecast forecast, SideOrchestrations sides, CarePlanCatalogue catalogue, TimeProvider clock)
{
    private const string ImportsRoute = "api/clinics/{clinic}/imports";
    private const string ImportRoute = ImportsRoute + "/{import}";
    private const string MediaType = "text/csv";

    /// <summary>
    /// Takes a file. 202 when its lines are to be booked, 200 with the import that it was when the same content has come before; with
    /// <c>dryRun=true</c> 200 with the whole report, and nothing is stored.
    /// </summary>
    [Function(nameof(PostImport))]
    public async Task<IResult> PostImport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ImportsRoute)] HttpRequest request,
        string clinic,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        NoStore(request);
        PathIds.Check(("clinic", clinic));
        RefuseOtherTypes(request);
        var query = new QueryFields(request);
        var dryRun = query.Flag("dryRun");
        var again = query.Flag("again");
        query.ThrowIfWrong();
        var content = (await RequestBody.ReadBytesAsync(request, cancellation)).ToArray();
        var lines = new BookingFile(catalogue, clock).Read(clinic, content);
        if (dryRun)
        {
            return Answers.Json(await DryRunAsync(clinic, lines, cancellation));
        }

        var file = new NewImport(Convert.ToHexStringLower(SHA256.HashData(content)), lines);
        var start = await imports.StartAsync(clinic, file, again, Actors.Of(request), cancellation);
        if (start.Import is not { } import)
        {
            throw Problems.UnknownClinic(clinic);
        }

        request.HttpContext.Response.Headers.Location = $"/api/clinics/{clinic}/imports/{import.Id}";
        if (import.State == ImportState.Running)
        {
            // The store has committed: a client that hangs up now must not keep the file from being booked.
            await sides.StartImportAsync(client, clinic, import.Id, CancellationToken.None);
        }

        return Answers.Json(
            ImportAnswer.Of(import), start.Verdict == ImportStartVerdict.Started ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
    }

    [Function(nameof(GetImports))]
    public async Task<IResult> GetImports(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ImportsRoute)] HttpRequest request,
        string clinic,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        PathIds.Check(("clinic", clinic));
        new QueryFields(request).ThrowIfWrong();
        var page = Paging.Read(request, parts: 2);
        var before = page.After is [var at, var id]
            ? (InstantPattern.ExtendedIso.Parse(at) is { Success: true } parsed ? parsed.Value : throw Paging.BadCursor(), id)
            : ((NodaTime.Instant, string)?)null;
        var rows = await imports.ListAsync(clinic, before, page.Limit + 1, cancellation);
        return Paging.Page(rows, page.Limit, ImportAnswer.Of, row => Paging.Cursor(Answers.Moment(row.StartedAt), row.Id));
    }

    [Function(nameof(GetImport))]
    public async Task<IResult> GetImport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ImportRoute)] HttpRequest request,
        string clinic,
        string import,
        CancellationToken cancellation) =>
        Answers.Json(ImportAnswer.Of(await FindAsync(request, clinic, import, cancellation)));

    /// <summary>The report, in the order of the file; with <c>failed=true</c> only what was not booked.</summary>
    [Function(nameof(GetImportRows))]
    public async Task<IResult> GetImportRows(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ImportRoute + "/rows")] HttpRequest request,
        string clinic,
        string import,
        CancellationToken cancellation)
    {
        await FindAsync(request, clinic, import, cancellation);
        var query = new QueryFields(request);
        var failed = query.Flag("failed");
        query.ThrowIfWrong();
        var page = Paging.Read(request, parts: 1);
        var after = page.After is [var line]
            ? int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Paging.BadCursor()
            : 0;
        var rows = await imports.LinesAsync(clinic, import, failed, after, page.Limit + 1, cancellation);
        return Paging.Page(rows, page.Limit, ImportRowAnswer.Of, row => Paging.Cursor(row.Line.ToString(CultureInfo.InvariantCulture)));
    }

    private async Task<ImportView> FindAsync(HttpRequest request, string clinic, string import, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        NoStore(request);
        PathIds.Check(("clinic", clinic), ("import", import));
        return await imports.FindAsync(clinic, import, cancellation)
            ?? throw new ProblemException(StatusCodes.Status404NotFound, "There is no such import.", $"The clinic '{clinic}' has no import '{import}'.");
    }

    private async Task<DryRunAnswer> DryRunAsync(string clinic, IReadOnlyList<ImportLine> lines, CancellationToken cancellation)
    {
        var bookings = lines.Select(line => line.Booking).OfType<Data.Sessions.Booking>().ToList();
        var forecasts = new Queue<LineForecast>(await forecast.FindAsync(clinic, bookings, cancellation) ?? throw Problems.UnknownClinic(clinic));
        var looked = lines.Select(line => (Line: line, Forecast: line.Booking is null ? null : forecasts.Dequeue())).ToList();
        var valid = looked.Where(pair => pair.Forecast is { Refusal: null }).ToList();
        return new DryRunAnswer(
            DryRun: true,
            lines.Count,
            valid.Count,
            valid.Count(pair => !pair.Forecast!.IsKnown),
            valid.Count(pair => pair.Forecast!.IsKnown),
            lines.Count - valid.Count,
            [.. looked.Where(pair => pair.Forecast is not { Refusal: null }).Select(pair => ImportRowAnswer.Failed(pair.Line, pair.Forecast))]);
    }

    private static void RefuseOtherTypes(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !MediaType.Equals(type.MediaType, StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(
                StatusCodes.Status415UnsupportedMediaType, "The body is not said to be CSV.", $"Send the file itself, with the header Content-Type: {MediaType}.");
        }

        if (type.CharSet?.Trim('"').ToUpperInvariant() is not (null or "UTF-8" or "UTF-16" or "US-ASCII"))
        {
            throw new ProblemException(
                StatusCodes.Status415UnsupportedMediaType, "The file is in another encoding.", "In a spreadsheet, save the file as 'CSV UTF-8'.");
        }
    }

    private static void NoStore(HttpRequest request) => request.HttpContext.Response.Headers.CacheControl = "no-store";
}
