using FollowUp.Dashboard.Layout;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Dashboard.Serving;

/// <summary>What a page shows: a component and its model.</summary>
public sealed record PageContent(Type View, object Model, string Title)
{
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Which link of the navigation it belongs to; empty for none.</summary>
    public string Section { get; init; } = "";

    /// <summary>Seconds between two looks for something new; null for a page that does not change by itself.</summary>
    public int? RenewEvery { get; init; }

    /// <summary>Another page to go to instead; null for this one.</summary>
    public string? Location { get; init; }

    public static PageContent Go(string location) => new(typeof(Pages.Problems.ProblemPage), "", "") { Location = location };

    public static PageContent Of<TView, TModel>(TModel model, string title, string section = "")
        where TView : View<TModel>
        where TModel : notnull => new(typeof(TView), model, title) { Section = section };
}

/// <summary>What came of an act: mostly, where to look next.</summary>
internal sealed record ActAnswer
{
    private ActAnswer()
    {
    }

    /// <summary>Where to go; null when the same page is shown again because something is wrong with the form.</summary>
    public string? Location { get; private init; }
    public PageContent? Again { get; private init; }

    /// <param name="location">An address of the dashboard, made of constants and well-formed ids.</param>
    /// <param name="done">Which of <see cref="Words.Notices"/> to show there.</param>
    public static ActAnswer Go(string location, string? done = null) => new()
    {
        Location = done is null ? location : $"{location}{(location.Contains('?', StringComparison.Ordinal) ? '&' : '?')}done={done}",
    };

    public static ActAnswer Show(PageContent page) => new() { Again = page };
}

/// <summary>Ends a request with a page that says what is wrong.</summary>
internal sealed class PageException(int status, string title, string detail) : Exception(title)
{
    public int Status { get; } = status;
    public string Title { get; } = title;
    public string Detail { get; } = detail;

    public static PageException NotFound(string what) =>
        new(StatusCodes.Status404NotFound, $"There is no such {what}", $"The address may be mistyped, or the {what} may have been erased. Nothing was changed.");
}
