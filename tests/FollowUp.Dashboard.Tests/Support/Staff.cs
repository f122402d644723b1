using System.Net;
using System.Text.RegularExpressions;
using FollowUp.Functions.Tests;

namespace FollowUp.Dashboard.Tests.Support;

/// <summary>A member of staff at a browser of the simplest kind: cookies, forms, and no redirect followed unseen.</summary>
internal sealed partial class Staff : IDisposable
{
    public const string Password = "a long enough password";

    private readonly AppUnderTest _app;

    public Staff(AppUnderTest app)
    {
        _app = app;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = app.Address };
    }

    public CookieContainer Cookies { get; } = new();

    public HttpClient Client { get; }

    public static async Task<Staff> RootAsync(AppUnderTest app)
    {
        var root = new Staff(app);
        Assert.Equal(HttpStatusCode.SeeOther, (await root.SignInAsync("root", AppUnderTest.ApiKey)).StatusCode);
        return root;
    }

    /// <summary>Somebody new, signed in.</summary>
    public static async Task<Staff> WithRoleAsync(AppUnderTest app, string role, string clinic = "", string? name = null)
    {
        name ??= role;
        using var root = await RootAsync(app);
        var added = await root.PostAsync("/dashboard/users", ("name", name), ("role", role), ("clinic", clinic), ("password", Password));
        Assert.True(added.StatusCode == HttpStatusCode.SeeOther, await added.Content.ReadAsStringAsync());
        var staff = new Staff(app);
        Assert.Equal(HttpStatusCode.SeeOther, (await staff.SignInAsync(name, Password)).StatusCode);
        return staff;
    }

    public async Task<HttpResponseMessage> SignInAsync(string name, string password, string? target = null) =>
        await PostAsync("/dashboard/sign-in", ("name", name), ("password", password), ("return", target ?? ""));

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(path);

    /// <summary>The HTML of a page that must be there.</summary>
    public async Task<string> PageAsync(string path)
    {
        var answer = await Client.GetAsync(path);
        var html = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path} answered {answer.StatusCode}, {answer.Headers.Location}: {html}");
        return html;
    }

    /// <summary>Sends a form that a page of ours has made.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields) =>
        await PostWithAsync(await TokenAsync(), path, fields);

    public async Task<HttpResponseMessage> PostWithAsync(string? token, string path, params (string Name, string Value)[] fields)
    {
        var form = fields.Select(field => KeyValuePair.Create(field.Name, field.Value));
        using var content = new FormUrlEncodedContent(token is null ? form : form.Append(KeyValuePair.Create("__form", token)));
        return await Client.PostAsync(path, content);
    }

    /// <summary>What shows that a form is ours and for this person.</summary>
    public async Task<string> TokenAsync()
    {
        var html = await (await Client.GetAsync("/dashboard/sign-in")).Content.ReadAsStringAsync();
        return Token().Match(html) is { Success: true } found ? found.Groups[1].Value : throw new InvalidOperationException("The page has no form: " + html);
    }

    /// <summary>A cookie's value.</summary>
    public string? Cookie(string name) => Cookies.GetCookies(_app.Address)[name]?.Value;

    public void Dispose() => Client.Dispose();

    [GeneratedRegex("name=\"__form\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
