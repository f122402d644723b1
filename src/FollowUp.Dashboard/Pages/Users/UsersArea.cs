using System.Text.RegularExpressions;
using FollowUp.Dashboard.Serving;
using FollowUp.Dashboard.SignIn;
using FollowUp.Data;
using FollowUp.Data.Staff;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Dashboard.Pages.Users;

/// <summary>Who may use the dashboard: for admins of every clinic.</summary>
internal sealed partial class UsersArea(StaffUserStore users, Passwords passwords, DashboardOptions options) : IArea
{
    private const string Address = LocalAddress.Home + "/users";
    private const int RecentChanges = 20;

    public void Map(RouteMap map)
    {
        map.Page("users", StaffRole.Admin, request => ShowAsync(request, NewUser.Empty, null), everyClinic: true);
        map.Act("users", StaffRole.Admin, AddAsync, everyClinic: true);
        map.Act("users/{user}/role", StaffRole.Admin, ChangeRoleAsync, everyClinic: true);
        map.Act("users/{user}/password", StaffRole.Admin, SetPasswordAsync, everyClinic: true);
        map.Act("users/{user}/end-sessions", StaffRole.Admin, request => DoAsync(
            request, (user, actor) => users.EndSessionsAsync(user, actor, request.Cancellation), "sessions-ended"), everyClinic: true);
        map.Act("users/{user}/remove", StaffRole.Admin, request => DoAsync(
            request, (user, actor) => users.RemoveAsync(user, actor, request.Cancellation), "user-removed"), everyClinic: true);
    }

    private async Task<PageContent> ShowAsync(PageRequest request, NewUser form, (string User, string Error)? problem)
    {
        Check();
        var model = new UsersModel(
            await users.ListAsync(request.Cancellation), await users.RecentChangesAsync(RecentChanges, request.Cancellation), form, problem?.User, problem?.Error);
        return PageContent.Of<UsersPage, UsersModel>(model, "Users", "users") with
        {
            Status = form.HasErrors || problem is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
        };
    }

    private async Task<ActAnswer> AddAsync(ActRequest request)
    {
        Check();
        var name = request.Field("name").ToLowerInvariant();
        var password = request.Form["password"].ToString();
        var (role, clinic, roleError) = ReadRole(request);
        var form = new NewUser(name, request.Field("role"), request.Field("clinic"))
        {
            NameError = name == SignedIn.RootName ? "Is the name of the root key."
                : NamePattern().IsMatch(name) ? null : "Must be 1 to 40 of a-z 0-9 . _ - that begin with a letter.",
            RoleError = roleError,
            PasswordError = Passwords.Mistake(password, name.Length == 0 ? "\n" : name),
        };
        if (!form.HasErrors && !await users.AddAsync(name, role, clinic, passwords.Hash(password), request.User.Actor, request.Cancellation))
        {
            form = form with { NameError = "There is a user of this name already." };
        }

        return form.HasErrors ? ActAnswer.Show(await ShowAsync(request, form, null)) : ActAnswer.Go(Address, "user-added");
    }

    private async Task<ActAnswer> ChangeRoleAsync(ActRequest request)
    {
        Check();
        var (role, clinic, error) = ReadRole(request);
        return error is null
            ? await DoAsync(request, (user, actor) => users.ChangeRoleAsync(user, role, clinic, actor, request.Cancellation), "user-changed")
            : ActAnswer.Show(await ShowAsync(request, NewUser.Empty, (request.Values["user"], error)));
    }

    private async Task<ActAnswer> SetPasswordAsync(ActRequest request)
    {
        Check();
        var user = request.Values["user"];
        var password = request.Form["password"].ToString();
        return Passwords.Mistake(password, user) is { } mistake
            ? ActAnswer.Show(await ShowAsync(request, NewUser.Empty, (user, "Password: " + mistake)))
            : await DoAsync(request, (name, actor) => users.SetPasswordAsync(name, passwords.Hash(password), actor, request.Cancellation), "password-set");
    }

    private async Task<ActAnswer> DoAsync(ActRequest request, Func<string, string, Task<bool>> act, string done)
    {
        Check();
        return await act(request.Values["user"], request.User.Actor) ? ActAnswer.Go(Address, done) : throw PageException.NotFound("user");
    }

    private static (StaffRole Role, string? Clinic, string? Error) ReadRole(ActRequest request)
    {
        var clinic = request.Field("clinic") is { Length: > 0 } id ? id : null;
        return !EnumText.TryParse<StaffRole>(request.Field("role"), out var role) ? (default, null, "Must be viewer, operator or admin.")
            : clinic is not null && request.Clinics.All(known => known.Id != clinic) ? (role, null, "There is no such clinic.")
            : clinic is not null && role == StaffRole.Admin ? (role, clinic, "An admin looks after every clinic. Choose operator, or every clinic.")
            : (role, clinic, null);
    }

    /// <summary>With App Service authentication the users are the organisation's.</summary>
    private void Check()
    {
        if (options.UsesAppService)
        {
            throw PageException.NotFound("page");
        }
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9._-]{0,39}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}

/// <param name="Problem">The user whose form has something wrong.</param>
public sealed record UsersModel(IReadOnlyList<StaffUser> Users, IReadOnlyList<UserChange> Changes, NewUser Form, string? Problem, string? Error);

/// <summary>The form for a new user as it was filled in; a password is never shown again.</summary>
public sealed record NewUser(string Name, string Role, string Clinic)
{
    internal static NewUser Empty { get; } = new("", "operator", "");

    public string? NameError { get; init; }
    public string? RoleError { get; init; }
    public string? PasswordError { get; init; }
    public bool HasErrors => NameError is not null || RoleError is not null || PasswordError is not null;
}
