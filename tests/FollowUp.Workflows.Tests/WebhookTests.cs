using System.Net;
using FollowUp.Data.Clinics;
using FollowUp.Data.Health;
using FollowUp.Data.Webhooks;
using FollowUp.Sms;
using FollowUp.Testing;
using FollowUp.Workflows.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FollowUp.Workflows.Tests;

/// <summary>What the answers of a clinic's web address do, and where posts do not go.</summary>
public sealed class WebhookTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task An_address_that_is_gone_is_not_posted_to_again()
    {
        var (posts, state) = await PostedAsync(context => context.Response.StatusCode = StatusCodes.Status410Gone);

        Assert.Equal((1, "given-up HTTP 410"), (posts, state));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        var followed = 0;
        var (posts, state) = await PostedAsync(context =>
        {
            followed += context.Request.Path == "/elsewhere" ? 1 : 0;
            context.Response.Redirect("/elsewhere", permanent: false, preserveMethod: true);
        });

        Assert.Equal((7, 0, "given-up HTTP 307"), (posts, followed, state));
    }

    [Fact]
    public async Task An_address_that_never_takes_it_is_given_up_and_health_shows_it()
    {
        var lost = 0;
        var (posts, state) = await PostedAsync(
            context => context.Response.StatusCode = StatusCodes.Status500InternalServerError,
            async clinic => lost = (await clinic.Get<DeliveryTroubleStore>().FindAsync(None)).LostPosts);

        Assert.Equal((7, 1, "given-up HTTP 500"), (posts, lost, state));
    }

    [Theory]
    [InlineData("https://127.0.0.1:9/")]
    [InlineData("https://localhost:9/")]
    [InlineData("https://10.1.2.3/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://[::ffff:192.168.0.1]/")]
    [InlineData("https://[fd00::1]/")]
    [InlineData("https://[64:ff9b::10.1.2.3]/")]
    [InlineData("https://0x7f000001:9/")]
    [InlineData("https://2130706433:9/")]
    [InlineData("https://127.1:9/")]
    public async Task Nothing_is_posted_into_the_network_of_the_server(string address)
    {
        using var client = new WebhookClient(Options.Create(new TwilioOptions()), NullLogger<WebhookClient>.Instance);
        var answer = await client.PostAsync(new WebhookPost("p-1", "glow", new Uri(address), "{}"), new byte[32], None);

        Assert.Equal(("not reached (ConnectionError)", false), (answer.Error, answer.IsGone));
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("64:ff9b::8.8.8.8", true)]
    [InlineData("64:ff9b::127.0.0.1", false)]
    [InlineData("64:ff9b:1::8.8.8.8", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("10.255.255.255", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("2002:7f00:1::1", false)]
    [InlineData("2002:808:808::1", true)]
    [InlineData("fc00::1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("100::1", false)]
    public void Addresses_of_networks_of_ones_own_are_known(string address, bool isPublic) =>
        Assert.Equal(isPublic, WebhookClient.IsPublic(IPAddress.Parse(address)));

    /// <summary>Posts one digest until nothing is left to do.</summary>
    private static async Task<(int Posts, string State)> PostedAsync(Action<HttpContext> answer, Func<ClinicUnderTest, Task>? look = null)
    {
        var posts = 0;
        await using var server = await ReceiverAsync(context =>
        {
            Interlocked.Increment(ref posts);
            answer(context);
        });
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.Get<ClinicStore>().PutAsync(Some.Clinic with { StaffAlerts = [server.Urls.Single() + "/alerts"] }, "test", None);
        await clinic.ReceiveAsync("Which sunscreen do you recommend?", from: "+14155550777");
        clinic.LetTheClockRun();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        IReadOnlyList<string> state = [];
        while (state is not [var only] || only.StartsWith("waiting", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
            state = clinic.Column("SELECT state || ' ' || coalesce(last_error, '') FROM webhook_posts");
        }

        await (look?.Invoke(clinic) ?? Task.CompletedTask);
        return (posts, state[0]);
    }

    private static async Task<WebApplication> ReceiverAsync(Action<HttpContext> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(context =>
        {
            answer(context);
            return Task.CompletedTask;
        });
        await server.StartAsync();
        return server;
    }
}
