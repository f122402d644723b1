using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.Sms.Tests;

/// <summary>A send without an answer: what never left this machine may be sent again, everything else may not.</summary>
public sealed class ConnectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refused_connection_never_reached_Twilio()
    {
        await using ServiceProvider services = Some.Services(new Uri($"http://127.0.0.1:{ClosedPort()}"));

        var later = Assert.IsType<SendOutcome.RetryLater>(await services.Gateway().SendAsync(Some.Text(), Cancellation));
        Assert.Equal(0, later.Code);
        Assert.Null(later.After);
    }

    [Fact]
    public async Task A_failed_TLS_handshake_never_reached_Twilio()
    {
        await using StandInTwilio plain = await StandInTwilio.AcceptingAsync();
        await using ServiceProvider services = Some.Services(new UriBuilder(plain.Address) { Scheme = "https" }.Uri);

        Assert.IsType<SendOutcome.RetryLater>(await services.Gateway().SendAsync(Some.Text(), Cancellation));
        Assert.Empty(plain.Requests);
    }

    [Fact]
    public async Task After_a_time_out_nobody_knows_whether_the_text_went()
    {
        await using StandInTwilio twilio = await StandInTwilio.SilentAsync();
        await using ServiceProvider services = Some.Services(twilio.Address, ("Twilio:Timeout", "00:00:00.150"));

        SendOutcome outcome = await services.Gateway().SendAsync(Some.Text(), Cancellation);

        Assert.Equal(new SendOutcome.Unknown("Twilio did not answer within 0.15 s."), outcome);
        Assert.Single(twilio.Requests);
    }

    [Fact]
    public async Task An_answer_that_stalls_in_its_middle_times_out_as_well()
    {
        await using StandInTwilio twilio = await StandInTwilio.StartAsync(async context =>
        {
            await HalfAnAnswerAsync(context);
            await StandInTwilio.SilenceAsync(context);
        });
        await using ServiceProvider services = Some.Services(twilio.Address, ("Twilio:Timeout", "00:00:00.150"));

        Assert.Equal(
            new SendOutcome.Unknown("Twilio did not answer within 0.15 s."),
            await services.Gateway().SendAsync(Some.Text(), Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_lost_connection_nobody_knows_whether_the_text_went(bool inTheMiddleOfTheAnswer)
    {
        await using StandInTwilio twilio = await StandInTwilio.StartAsync(async context =>
        {
            if (inTheMiddleOfTheAnswer)
            {
                await HalfAnAnswerAsync(context);
            }

            context.Abort();
        });
        await using ServiceProvider services = Some.Services(twilio.Address);

        Assert.IsType<SendOutcome.Unknown>(await services.Gateway().SendAsync(Some.Text(), Cancellation));
        Assert.Single(twilio.Requests);
    }

    [Fact]
    public async Task A_text_lost_on_a_connection_in_use_is_not_sent_again_on_another()
    {
        int calls = 0;
        await using StandInTwilio twilio = await StandInTwilio.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                await StandInTwilio.Json(context, 201, StandInTwilio.Message("SM1", Some.Phone, "Hi"));
                return;
            }

            context.Abort();
        });
        await using ServiceProvider services = Some.Services(twilio.Address);

        Assert.IsType<SendOutcome.Accepted>(await services.Gateway().SendAsync(Some.Text(), Cancellation));
        Assert.IsType<SendOutcome.Unknown>(await services.Gateway().SendAsync(Some.Text(), Cancellation));
        Assert.Equal(2, twilio.Requests.Count);
    }

    [Fact]
    public async Task A_send_cancelled_before_it_began_was_not_sent()
    {
        await using StandInTwilio twilio = await StandInTwilio.AcceptingAsync();
        await using ServiceProvider services = Some.Services(twilio.Address);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => services.Gateway().SendAsync(Some.Text(), new CancellationToken(true)));
        Assert.Empty(twilio.Requests);
    }

    [Fact]
    public async Task A_send_cancelled_while_Twilio_has_it_is_unknown()
    {
        using var stop = new CancellationTokenSource();
        await using StandInTwilio twilio = await StandInTwilio.StartAsync(async context =>
        {
            await stop.CancelAsync();
            await StandInTwilio.SilenceAsync(context);
        });
        await using ServiceProvider services = Some.Services(twilio.Address);

        Assert.Equal(
            new SendOutcome.Unknown("The wait for Twilio's answer was cancelled."),
            await services.Gateway().SendAsync(Some.Text(), stop.Token));
    }

    [Fact]
    public async Task A_send_cancelled_in_the_middle_of_the_answer_is_unknown_at_once()
    {
        await using StandInTwilio twilio = await StandInTwilio.StartAsync(async context =>
        {
            await HalfAnAnswerAsync(context);
            await StandInTwilio.SilenceAsync(context);
        });
        await using ServiceProvider services = Some.Services(twilio.Address);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        Assert.Equal(
            new SendOutcome.Unknown("The wait for Twilio's answer was cancelled."),
            await services.Gateway().SendAsync(Some.Text(), stop.Token));
    }

    internal static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task HalfAnAnswerAsync(HttpContext context)
    {
        context.Response.StatusCode = 201;
        context.Response.ContentLength = 500;
        await context.Response.WriteAsync("""{"sid":"SM1",""");
        await context.Response.Body.FlushAsync();
    }
}
