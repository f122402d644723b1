namespace FollowUp.Functions.Tests.Contract;

/// <summary>
/// Stands in every test's client: whatever the API answers, to whatever a test asks, must be as its document says. So each test of a route is a test
/// of the route's description as well.
/// </summary>
internal sealed class ContractHandler(Func<Task<ApiContract>> contract, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        var path = request.RequestUri!.AbsolutePath;
        var promises = await contract();
        if (promises.Find(request.Method, path) is not { } operation)
        {
            return answer;
        }

        await answer.Content.LoadIntoBufferAsync(cancellationToken);
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);

        // The host's own, where it does not take a path or a verb for a route's.
        if ((int)answer.StatusCode == 404 && body.Length == 0)
        {
            return answer;
        }

        var differences = promises.Check(operation, (int)answer.StatusCode, answer.Content.Headers.ContentType, body);
        Assert.True(differences.Count == 0, $"{request.Method} {path} answered {(int)answer.StatusCode}, not as openapi.json says:\n{string.Join('\n', differences)}\n{body}");
        return answer;
    }
}
