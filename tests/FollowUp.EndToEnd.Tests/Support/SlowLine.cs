using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FollowUp.EndToEnd.Tests.Support;

/// <summary>
/// The line between the app and Twilio, which is as slow as a real one, so that a kill finds calls under way: before Twilio has the text,
/// and after it has taken it. Of what is on the line when its sender dies, half still arrives.
/// </summary>
internal sealed class SlowLine : IAsyncDisposable
{
    private const int LongestDelay = 400;
    private readonly WebApplication _server;
    private readonly HttpClient _twilio;
    private readonly Random _random;

    private SlowLine(WebApplication server, string twilio, int seed)
    {
        _server = server;
        _twilio = new HttpClient { BaseAddress = new Uri(twilio) };
        _random = new Random(seed);
    }

    public string Address => _server.Urls.Single();

    /// <param name="twilio">Where it leads to.</param>
    /// <param name="seed">Of its delays.</param>
    public static async Task<SlowLine> OpenAsync(string twilio, int seed)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        SlowLine line = new(builder.Build(), twilio, seed);
        line._server.Run(line.CarryAsync);
        await line._server.StartAsync(TestContext.Current.CancellationToken);
        return line;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _twilio.Dispose();
    }

    private async Task CarryAsync(HttpContext http)
    {
        using HttpRequestMessage request = new(new HttpMethod(http.Request.Method), $"{http.Request.Path}{http.Request.QueryString}");
        request.Headers.TryAddWithoutValidation("Authorization", http.Request.Headers.Authorization.ToString());
        if (http.Request.HasFormContentType)
        {
            IFormCollection form = await http.Request.ReadFormAsync();
            request.Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Key, field.Value.ToString())));
        }

        await DelayAsync();
        if (http.RequestAborted.IsCancellationRequested && Next(2) == 0)
        {
            return;
        }

        using HttpResponseMessage response = await _twilio.SendAsync(request);
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        await DelayAsync();
        http.Response.StatusCode = (int)response.StatusCode;
        http.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private Task DelayAsync() => Task.Delay(TimeSpan.FromMilliseconds(Next(LongestDelay)), TimeProvider.System);

    private int Next(int below)
    {
        lock (_random)
        {
            return _random.Next(below);
        }
    }
}
