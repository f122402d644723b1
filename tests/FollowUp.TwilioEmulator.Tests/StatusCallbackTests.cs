using System.Net;
using System.Net.Sockets;
using FollowUp.TwilioEmulator.Delivery;
using FollowUp.TwilioEmulator.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace FollowUp.TwilioEmulator.Tests;

public class StatusCallbackTests
{
    [Fact]
    public async Task Sent_and_delivered_are_called_back_in_order_and_the_first_status_is_not()
    {
        await using var application = await Application.StartAsync();
        await using var emulator = await Emulator.StartAsync();

        var created = await emulator.CreateAsync(("StatusCallback", application.StatusUrl));
        await emulator.IdleAsync();

        Assert.Equal(["sent", "delivered"], application.Statuses);
        Assert.All(application.Arrivals, arrival =>
        {
            Assert.Equal(created.Sid, arrival["MessageSid"]);
            Assert.Equal(created.Sid, arrival["SmsSid"]);
            Assert.Equal(arrival["MessageStatus"], arrival["SmsStatus"]);
            Assert.Equal(Emulator.Patient, arrival["To"]);
            Assert.Equal(Emulator.Clinic, arrival["From"]);
            Assert.Equal(Emulator.AccountSid, arrival["AccountSid"]);
            Assert.Equal("2010-04-01", arrival["ApiVersion"]);
            Assert.False(arrival.Form.ContainsKey("ErrorCode"));
            Assert.StartsWith("application/x-www-form-urlencoded", arrival.Headers.ContentType);
        });
        Assert.Equal(2, application.Arrivals.Select(a => a.Headers["I-Twilio-Idempotency-Token"].ToString()).Distinct().Count());
    }

    [Fact]
    public void The_signature_is_that_of_Twilios_published_example()
    {
        var form = new Dictionary<string, string>
        {
            ["To"] = "+18005551212",
            ["From"] = "+14158675309",
            ["Digits"] = "1234",
            ["CallSid"] = "CA1234567890ABCDE",
            ["Caller"] = "+14158675309",
        };

        Assert.Equal("RSOYDt4T1cUTdK1PDd93/VVr8B8=", WebhookSignature.Compute("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form));
    }

    [Fact]
    public async Task The_signature_covers_the_address_and_form_that_the_application_sees()
    {
        await using var application = await Application.StartAsync();
        await using var emulator = await Emulator.StartAsync();

        await emulator.CreateAsync(("StatusCallback", application.Url + "/status?name=M%C3%BCller&a=1#rc=2"));
        await emulator.IdleAsync();

        var arrival = application.Arrivals[0];
        Assert.Equal(application.Url + "/status?name=M%C3%BCller&a=1", arrival.Url);
        Assert.Equal(WebhookSignature.Compute(Emulator.AuthToken, arrival.Url, arrival.Form), arrival.Headers["X-Twilio-Signature"]);
    }

    [Fact]
    public async Task The_clock_is_held_from_the_answer_to_a_create_until_the_last_callback_was_answered()
    {
        await using var application = await Application.StartAsync();
        await using var emulator = await Emulator.StartAsync();
        await emulator.IdleAsync();
        var answer = new TaskCompletionSource<IResult>();
        application.Answer = arrival => arrival["MessageStatus"] == "delivered" ? answer.Task : Task.FromResult(Results.Ok());

        await emulator.CreateAsync(("StatusCallback", application.StatusUrl));
        var heldAtTheAnswer = emulator.Holds.IsHeld;
        await application.NextAsync();
        await application.NextAsync();
        var heldAtTheLastCallback = emulator.Holds.IsHeld;
        answer.SetResult(Results.Ok());
        await emulator.IdleAsync();

        Assert.True(heldAtTheAnswer);
        Assert.True(heldAtTheLastCallback);
    }

    [Fact]
    public async Task A_callback_that_cannot_connect_is_tried_again_and_the_clock_runs_meanwhile()
    {
        await using var emulator = await Emulator.StartAsync();
        int port;
        using (var reserved = ReservePort())
        {
            port = ((IPEndPoint)reserved.LocalEndPoint!).Port;
            await emulator.CreateAsync(("StatusCallback", $"http://127.0.0.1:{port}/status"));
            await emulator.IdleAsync();
        }

        await using var back = await Application.StartAsync(port);
        emulator.Clock.Advance(TimeSpan.FromSeconds(1));
        await emulator.IdleAsync();

        Assert.Equal(["sent", "delivered"], back.Statuses);
    }

    [Fact]
    public async Task A_callback_is_given_up_after_five_connections_that_fail()
    {
        await using var emulator = await Emulator.StartAsync();
        using var reserved = ReservePort();
        await emulator.CreateAsync(("StatusCallback", $"http://{reserved.LocalEndPoint}/status"));
        foreach (var seconds in new[] { 1, 2, 4 })
        {
            await emulator.IdleAsync();
            emulator.Clock.Advance(TimeSpan.FromSeconds(seconds));
        }

        await emulator.IdleAsync();
        var beforeTheLast = (await emulator.GetAsync("/twilio/emulator/queue"))["webhooks"];
        emulator.Clock.Advance(TimeSpan.FromSeconds(8));
        await emulator.IdleAsync();

        Assert.Equal("2", beforeTheLast);
        Assert.Equal("0", (await emulator.GetAsync("/twilio/emulator/queue"))["webhooks"]);
    }

    [Fact]
    public async Task A_callback_that_the_application_refuses_is_not_repeated()
    {
        await using var application = await Application.StartAsync();
        await using var emulator = await Emulator.StartAsync();
        application.Answer = _ => Task.FromResult(Results.StatusCode(500));

        await emulator.CreateAsync(("StatusCallback", application.StatusUrl));
        await emulator.IdleAsync();
        emulator.Clock.Advance(TimeSpan.FromHours(1));
        await emulator.IdleAsync();

        Assert.Equal(["sent", "delivered"], application.Statuses);
    }

    /// <summary>A port that is taken, so that no other test gets it, but on which nobody listens.</summary>
    private static Socket ReservePort()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
