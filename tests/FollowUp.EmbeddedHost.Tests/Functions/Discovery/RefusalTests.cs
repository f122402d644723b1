using FollowUp.EmbeddedHost.Functions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FollowUp.EmbeddedHost.Tests.Functions.Discovery;

/// <summary>What the real host would drop, hang on or leave empty is refused before anything starts (functions-behaviour.md, sections 1, 2 and 5).</summary>
public sealed class RefusalTests
{
    private const AuthorizationLevel Anonymous = AuthorizationLevel.Anonymous;

    [Theory]
    [InlineData(typeof(AdminRoute), "Admin", "begin with 'admin' or 'runtime'")]
    [InlineData(typeof(RuntimeRoute), "RuntimeX", "begin with 'admin' or 'runtime'")]
    [InlineData(typeof(LeadingSlash), "Slash", "leading slash")]
    [InlineData(typeof(EmptyRoute), "Empty", "maxlength(0)")]
    [InlineData(typeof(BrokenRoute), "Broken", "malformed")]
    [InlineData(typeof(FunctionKey), "Keyed", "keeps no function keys")]
    [InlineData(typeof(NoLevel), "NoLevel", "keeps no function keys")]
    [InlineData(typeof(TakesHttpContext), "Takes", "nothing fills the parameter 'http'")]
    [InlineData(typeof(TakesService), "Takes", "nothing fills the parameter 'clock'")]
    [InlineData(typeof(TakesDate), "Takes", "nothing fills the parameter 'day'")]
    [InlineData(typeof(NoTrigger), "None", "exactly one trigger")]
    [InlineData(typeof(BadName), "1st", "a name begins with a letter")]
    [InlineData(typeof(NotPublic), "Hidden", "a public method")]
    [InlineData(typeof(AsyncVoid), "Void", "nobody would wait")]
    [InlineData(typeof(ClientInOrchestrator), "Orchestrator", "nothing fills the parameter 'client'")]
    [InlineData(typeof(BadSchedule), "Timer", "the schedule '* * *' is refused: it has 3 fields")]
    [InlineData(typeof(NoSuchSetting), "Timer", "there is no such setting")]
    public void A_function_that_the_real_host_would_not_run_is_refused_by_name(Type function, string name, string reason)
    {
        string message = Refusal(function);

        Assert.Contains($"'{name}'", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_functions_of_one_name_are_refused_and_names_ignore_case()
    {
        string message = Refusal(typeof(Twice));

        Assert.Contains("the name is taken twice", message, StringComparison.Ordinal);
        Assert.Contains("Twice.One", message, StringComparison.Ordinal);
        Assert.Contains("Twice.Two", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(SameRoute), "take the same requests")]
    [InlineData(typeof(LiteralSortsLater), "Rename 'ZToday' so that it sorts first")]
    [InlineData(typeof(OptionalOverlap), "both match some requests")]
    public void Routes_of_which_the_real_host_would_take_the_wrong_one_are_refused(Type functions, string reason)
    {
        string message = Refusal(functions);

        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_refusals_are_told_at_once()
    {
        string message = Refusal(typeof(NoTrigger), typeof(BadName));

        Assert.Contains("'None'", message, StringComparison.Ordinal);
        Assert.Contains("'1st'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_HTTP_function_without_ConfigureFunctionsWebApplication_is_refused()
    {
        using var folder = new TestFolder();
        folder.Write("host.json", "{}");
        FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(
            ["--urls", "http://127.0.0.1:0", "--AzureWebJobsScriptRoot", folder.Path, "--FollowUp:DataDirectory", Path.Combine(folder.Path, "data")]);
        builder.UseFunctionTypes(typeof(Fine));

        Assert.Contains("ConfigureFunctionsWebApplication()", Assert.Throws<HostStartException>(() => builder.Build()).Message, StringComparison.Ordinal);
    }

    private static string Refusal(params Type[] functions)
    {
        using var folder = new TestFolder();
        FunctionsApplicationBuilder builder = TestHost.Create(folder, new TestHost.Setup(), functions);
        return Assert.Throws<HostStartException>(() => builder.Build()).Message;
    }

    public static class Fine
    {
        [Function("Fine")]
        public static void Run([HttpTrigger(Anonymous, "get")] HttpRequest request)
        {
        }
    }

    public static class AdminRoute
    {
        [Function("Admin")]
        public static void Run([HttpTrigger(Anonymous, "get", Route = "Administrators")] HttpRequest request)
        {
        }
    }

    public static class RuntimeRoute
    {
        [Function("RuntimeX")]
        public static void Run([HttpTrigger(Anonymous, "get", Route = "runtimex/y")] HttpRequest request)
        {
        }
    }

    public static class LeadingSlash
    {
        [Function("Slash")]
        public static void Run([HttpTrigger(Anonymous, "get", Route = "/lead")] HttpRequest request)
        {
        }
    }

    public static class EmptyRoute
    {
        [Function("Empty")]
        public static void Run([HttpTrigger(Anonymous, "get", Route = "")] HttpRequest request)
        {
        }
    }

    public static class BrokenRoute
    {
        [Function("Broken")]
        public static void Run([HttpTrigger(Anonymous, "get", Route = "a/{b")] HttpRequest request)
        {
        }
    }

    public static class FunctionKey
    {
        [Function("Keyed")]
        public static void Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "a")] HttpRequest request)
        {
        }
    }

    public static class NoLevel
    {
        [Function("NoLevel")]
        public static void Run([HttpTrigger("get", Route = "a")] HttpRequest request)
        {
        }
    }

    public static class TakesHttpContext
    {
        [Function("Takes")]
        public static void Run([HttpTrigger(Anonymous, "get", Route = "a")] HttpRequest request, HttpContext http)
        {
        }
    }

    public static class TakesService
    {
        [Function("Takes")]
        public static void Run([HttpTrigger(Anonymous, "get", Route = "a")] HttpRequest request, TimeProvider clock)
        {
        }
    }

    public static class TakesDate
    {
        [Function("Takes")]
        public static void Run([HttpTrigger(Anonymous, "get", Route = "a")] HttpRequest request, DateOnly day)
        {
        }
    }

    public static class NoTrigger
    {
        [Function("None")]
        public static void Run(string text)
        {
        }
    }

    public static class BadName
    {
        [Function("1st")]
        public static void Run([ActivityTrigger] string input)
        {
        }
    }

    public static class NotPublic
    {
        [Function("Hidden")]
        internal static void Run([ActivityTrigger] string input)
        {
        }
    }

    public static class AsyncVoid
    {
        [Function("Void")]
        public static async void Run([ActivityTrigger] string input) => await Task.Yield();
    }

    public static class ClientInOrchestrator
    {
        [Function("Orchestrator")]
        public static Task Run([OrchestrationTrigger] TaskOrchestrationContext context, [DurableClient] DurableTaskClient client) => Task.CompletedTask;
    }

    public static class BadSchedule
    {
        [Function("Timer")]
        public static void Run([TimerTrigger("* * *")] TimerInfo timer)
        {
        }
    }

    public static class NoSuchSetting
    {
        [Function("Timer")]
        public static void Run([TimerTrigger("%Nowhere%")] TimerInfo timer)
        {
        }
    }

    public static class Twice
    {
        [Function("Same")]
        public static void One([ActivityTrigger] string input)
        {
        }

        [Function("SAME")]
        public static void Two([ActivityTrigger] string input)
        {
        }
    }

    public static class SameRoute
    {
        [Function("A")]
        public static void One([HttpTrigger(Anonymous, "get", Route = "a/{b}")] HttpRequest request)
        {
        }

        [Function("B")]
        public static void Two([HttpTrigger(Anonymous, "get", "post", Route = "A/{c}")] HttpRequest request)
        {
        }
    }

    public static class LiteralSortsLater
    {
        [Function("BSession")]
        public static void One([HttpTrigger(Anonymous, "get", Route = "sessions/{session}")] HttpRequest request)
        {
        }

        [Function("ZToday")]
        public static void Two([HttpTrigger(Anonymous, "get", Route = "sessions/today")] HttpRequest request)
        {
        }
    }

    public static class OptionalOverlap
    {
        [Function("AOptional")]
        public static void One([HttpTrigger(Anonymous, "get", Route = "sessions/{session?}")] HttpRequest request)
        {
        }

        [Function("BAll")]
        public static void Two([HttpTrigger(Anonymous, "get", Route = "sessions")] HttpRequest request)
        {
        }
    }
}
