using System.Net.Http.Headers;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Twilio.Http;

/// <summary>Requests over <see cref="System.Net.Http.HttpClient"/>. Redirects are not followed by the default one.</summary>
public class SystemNetHttpClient : HttpClient
{
    private static readonly string s_userAgent = UserAgent();

    private readonly System.Net.Http.HttpClient _httpClient;

    public SystemNetHttpClient(System.Net.Http.HttpClient? httpClient = null) =>
        _httpClient = httpClient ?? new System.Net.Http.HttpClient(new HttpClientHandler { AllowAutoRedirect = false });

    /// <summary>Blocks the thread until the answer is there.</summary>
    public override Response MakeRequest(Request request) => MakeRequestAsync(request).GetAwaiter().GetResult();

    public override async Task<Response> MakeRequestAsync(Request request)
    {
        using var message = new HttpRequestMessage(request.Method, request.ConstructUrl());
        if (request.Username is not null && request.Password is not null)
        {
            byte[] credentials = Encoding.UTF8.GetBytes($"{request.Username}:{request.Password}");
            message.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials));
        }

        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        message.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("utf-8"));
        message.Headers.TryAddWithoutValidation("User-Agent", s_userAgent);
        if (request.Method != System.Net.Http.HttpMethod.Get)
        {
            message.Content = new FormUrlEncodedContent(request.PostParams);
        }

        using HttpResponseMessage answer = await _httpClient.SendAsync(message).ConfigureAwait(false);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync().ConfigureAwait(false));
        return new Response(answer.StatusCode, await reader.ReadToEndAsync().ConfigureAwait(false), answer.Headers);
    }

    private static string UserAgent()
    {
        // Named for what it is, not for the package whose API it has.
        Version? version = Assembly.GetExecutingAssembly().GetName().Version;
        return $"followup/{version?.ToString(3)} ({Environment.OSVersion.Platform} {RuntimeInformation.OSArchitecture}) "
            + RuntimeInformation.FrameworkDescription.Replace(' ', '/');
    }
}
