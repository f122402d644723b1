using FollowUp.Dashboard.Serving;
using FollowUp.Data.Keys;
using FollowUp.Data.Staff;
using Microsoft.AspNetCore.Http;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Dashboard.Pages.Keys;

/// <summary>Keys to the API, one for each system that uses it: for admins of every clinic.</summary>
internal sealed class KeysArea(ApiKeyStore keys) : IArea
{
    private const string Address = LocalAddress.Home + "/keys";

    public void Map(RouteMap map)
    {
        map.Page("keys", StaffRole.Admin, request => ShowAsync(request, NewKeyForm.Empty, null), everyClinic: true);
        map.Act("keys", StaffRole.Admin, AddAsync, everyClinic: true);
        map.Act("keys/{key}/end", StaffRole.Admin, EndAsync, everyClinic: true);
    }

    private async Task<PageContent> ShowAsync(PageRequest request, NewKeyForm form, MadeApiKey? made)
    {
        var before = ListCursor.ReadMoment(request.Query("before"));
        var rows = await keys.ListAsync(before, ListCursor.PageSize + 1, request.Cancellation);
        var page = rows.Take(ListCursor.PageSize).ToList();
        var next = rows.Count > page.Count ? ListCursor.Of(page[^1].CreatedAt, page[^1].Id) : null;
        return PageContent.Of<KeysPage, KeysModel>(new KeysModel(page, form, made, before is not null, next), "API keys", "keys") with
        {
            Status = form.HasErrors ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
        };
    }

    /// <summary>The key stands on the page that answers, and in no address: nobody can see it again.</summary>
    private async Task<ActAnswer> AddAsync(ActRequest request)
    {
        var form = new NewKeyForm(request.Field("name"), request.Field("clinic"), request.Field("reading") == "yes", request.Field("ends-on"));
        var endsAt = form.EndsOn.Length == 0 ? null
            : LocalDatePattern.Iso.Parse(form.EndsOn) is { Success: true, Value: var date } ? request.Time.StartOf(date.PlusDays(1))
            : (Instant?)null;
        form = form with
        {
            NameError = form.Name.Length is 0 or > NewApiKey.LongestName || form.Name.Any(char.IsControl)
                ? $"Must have 1 to {NewApiKey.LongestName} characters, none of them a control character." : null,
            EndsOnError = form.EndsOn.Length > 0 && (endsAt is null || endsAt <= request.Time.Now) ? "Must be a day that is not over, such as 2027-12-31." : null,
        };
        if (form.HasErrors)
        {
            return ActAnswer.Show(await ShowAsync(request, form, null));
        }

        var wanted = new NewApiKey
        {
            Name = form.Name,
            Clinic = form.Clinic.Length == 0 ? null : form.Clinic,
            ReadOnly = form.ReadOnly,
            EndsAt = endsAt,
        };
        return await keys.AddAsync(wanted, request.User.Actor, request.Cancellation) is { } made
            ? ActAnswer.Show(await ShowAsync(request, NewKeyForm.Empty, made))
            : ActAnswer.Show(await ShowAsync(request, form with { ClinicError = "There is no such clinic." }, null));
    }

    private async Task<ActAnswer> EndAsync(ActRequest request)
    {
        return await keys.EndAsync(request.Values["key"], request.User.Actor, request.Cancellation) is not null
            ? ActAnswer.Go(Address, "key-ended")
            : throw PageException.NotFound("key");
    }
}

/// <param name="Made">A key that was made just now; null otherwise.</param>
public sealed record KeysModel(IReadOnlyList<ApiKey> Keys, NewKeyForm Form, MadeApiKey? Made, bool IsLater, string? Next);

/// <summary>The form for a new key as it was filled in.</summary>
/// <param name="Clinic">Empty for every clinic.</param>
/// <param name="EndsOn">The last day on which it opens anything; empty for no end.</param>
public sealed record NewKeyForm(string Name, string Clinic, bool ReadOnly, string EndsOn)
{
    internal static NewKeyForm Empty { get; } = new("", "", false, "");

    public string? NameError { get; init; }
    public string? ClinicError { get; init; }
    public string? EndsOnError { get; init; }
    public bool HasErrors => NameError is not null || ClinicError is not null || EndsOnError is not null;
}
