using FollowUp.Dashboard.Serving;
using FollowUp.Dashboard.SignIn;
using FollowUp.Data.Staff;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using NodaTime;

namespace FollowUp.Dashboard.Pages.SigningIn;

/// <summary>Signing in and out, and one's own password.</summary>
internal sealed class SignInArea(
    SignInAttempts attempts, SessionCookie cookie, StaffUserStore users, Passwords passwords, DashboardOptions options) : IArea
{
    private const string Refused = "The name or the password is wrong.";

    public void Map(RouteMap map)
    {
        map.Page("sign-in", null, ShowSignInAsync);
        map.Act("sign-in", null, SignInAsync, changesNothing: true);
        map.Act("sign-out", StaffRole.Viewer, SignOutAsync, changesNothing: true);
        map.Page("password", StaffRole.Viewer, _ => Task.FromResult(Password(null, null)));
        map.Act("password", StaffRole.Viewer, ChangePasswordAsync);
    }

    private Task<PageContent> ShowSignInAsync(PageRequest request) => Task.FromResult(options.UsesAppService
        ? PageContent.Of<AppServicePage, AppServiceModel>(new AppServiceModel(options.PlatformSignsIn), "Sign in")
        : Form("", request.Query("return"), null, StatusCodes.Status200OK));

    private async Task<ActAnswer> SignInAsync(ActRequest request)
    {
        if (options.UsesAppService)
        {
            throw PageException.NotFound("page");
        }

        var name = request.Field("name").ToLowerInvariant();
        var password = request.Form["password"] is [{ Length: <= 200 } given] ? given : "";
        var target = request.Field("return");
        if (name.Length is 0 or > 100)
        {
            return ActAnswer.Show(Form("", target, Refused, StatusCodes.Status401Unauthorized));
        }

        var answer = await attempts.TryAsync(request.Http, name, password, request.Cancellation);
        if (answer.Wait > Duration.Zero)
        {
            var seconds = (int)Math.Ceiling(answer.Wait.TotalSeconds);
            request.Http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return ActAnswer.Show(Form(name, target,
                $"Too many attempts have failed. Wait {(seconds < 100 ? $"{seconds} seconds" : $"{(seconds + 59) / 60} minutes")} and try again.",
                StatusCodes.Status429TooManyRequests));
        }

        if (!answer.IsRight)
        {
            return ActAnswer.Show(Form(name, target, Refused, StatusCodes.Status401Unauthorized));
        }

        await cookie.BeginAsync(request.Http, answer.User, request.Cancellation);
        return ActAnswer.Go(LocalAddress.OrHome(target));
    }

    private async Task<ActAnswer> SignOutAsync(ActRequest request)
    {
        await cookie.EndAsync(request.Http, request.Cancellation);
        return ActAnswer.Go(LocalAddress.Home + "/sign-in", "signed-out");
    }

    private async Task<ActAnswer> ChangePasswordAsync(ActRequest request)
    {
        var name = request.User.Name;
        if (options.UsesAppService || request.User.IsRoot)
        {
            throw PageException.NotFound("page");
        }

        var current = request.Form["current"].ToString();
        var changed = request.Form["new"].ToString();

        // Counted as a sign-in is: whoever sits down at an open dashboard may not guess either.
        var answer = await attempts.TryAsync(request.Http, name, current, request.Cancellation);
        if (!answer.IsRight)
        {
            return ActAnswer.Show(Password("That is not your present password, or too many attempts have failed.", null));
        }

        if (Passwords.Mistake(changed, name) is { } mistake)
        {
            return ActAnswer.Show(Password(null, mistake));
        }

        await users.SetPasswordAsync(name, passwords.Hash(changed), request.User.Actor, request.Cancellation);
        return ActAnswer.Go(LocalAddress.Home + "/sign-in", "password-changed");
    }

    private static PageContent Form(string name, string? target, string? error, int status) =>
        PageContent.Of<SignInPage, SignInModel>(
            new SignInModel(name, LocalAddress.OrHome(target) is var safe && safe != LocalAddress.Home ? safe : null, error), "Sign in") with
        { Status = status };

    private static PageContent Password(string? currentError, string? newError) =>
        PageContent.Of<PasswordPage, PasswordModel>(new PasswordModel(currentError, newError), "Your password") with
        {
            Status = currentError is null && newError is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
}
