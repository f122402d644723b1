using System.Net;
using Twilio.Exceptions;
using Twilio.Http;

namespace Twilio.Clients;

/// <summary>Sends requests for one account.</summary>
public interface ITwilioRestClient
{
    string AccountSid { get; }

    Response Request(Request request);

    Task<Response> RequestAsync(Request request);
}

/// <inheritdoc/>
public class TwilioRestClient : ITwilioRestClient
{
    private readonly string _username;
    private readonly string _password;
    private readonly string? _region;
    private readonly string? _edge;
    private readonly Twilio.Http.HttpClient _httpClient;

    /// <param name="username">The account SID, or the SID of an API key.</param>
    /// <param name="password">The auth token, or the secret of the API key.</param>
    /// <param name="accountSid">The account, when the user name is an API key.</param>
    /// <param name="region">Where Twilio processes and keeps the messages, such as ie1; null is the United States.</param>
    /// <param name="httpClient">What carries the requests.</param>
    /// <param name="edge">Where a request enters Twilio's network, such as dublin.</param>
    public TwilioRestClient(
        string username,
        string password,
        string? accountSid = null,
        string? region = null,
        Twilio.Http.HttpClient? httpClient = null,
        string? edge = null)
    {
        _username = username;
        _password = password;
        AccountSid = accountSid ?? username;
        _region = region;
        _edge = edge;
        _httpClient = httpClient ?? new SystemNetHttpClient();
    }

    public string AccountSid { get; }

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <exception cref="ApiConnectionException">There was no answer.</exception>
    /// <exception cref="ApiException">The answer was an error.</exception>
    public Response Request(Request request)
    {
        Address(request);
        Response response;
        try
        {
            response = _httpClient.MakeRequest(request);
        }
        catch (Exception cause)
        {
            throw NoAnswer(request, cause);
        }

        return Checked(response);
    }

    /// <inheritdoc cref="Request"/>
    public async Task<Response> RequestAsync(Request request)
    {
        Address(request);
        Response response;
        try
        {
            response = await _httpClient.MakeRequestAsync(request).ConfigureAwait(false);
        }
        catch (Exception cause)
        {
            throw NoAnswer(request, cause);
        }

        return Checked(response);
    }

    private void Address(Request request)
    {
        request.SetAuth(_username, _password);
        request.Region = _region;
        request.Edge = _edge;
    }

    // As the real client: whatever goes wrong underneath, cancellation and time-out included, comes as this one exception.
    private static ApiConnectionException NoAnswer(Request request, Exception cause) =>
        new("Connection Error: " + request.Method + request.ConstructUrl(), cause);

    // As the real client: 3xx passes, and an error whose body is not Twilio's JSON loses its status.
    private static Response Checked(Response response)
    {
        if (response.StatusCode is >= HttpStatusCode.OK and < HttpStatusCode.BadRequest)
        {
            return response;
        }

        throw ErrorBody.Read(response.Content) is { } error
            ? new ApiException(error.Code, (int)response.StatusCode, error.Message ?? "Unable to make request, " + response.StatusCode)
            : new ApiException("Api Error: " + response.StatusCode + " - " + response.Content);
    }
}
