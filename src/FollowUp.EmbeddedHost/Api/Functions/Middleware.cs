using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Azure.Functions.Worker.Middleware
{
    /// <summary>The rest of the pipeline.</summary>
    public delegate Task FunctionExecutionDelegate(FunctionContext context);

    /// <summary>Runs around every invocation, of every kind of function; one instance serves them all.</summary>
    public interface IFunctionsWorkerMiddleware
    {
        /// <summary>Runs around one invocation. Not calling <paramref name="next"/> leaves the function out.</summary>
        Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
    }
}

namespace Microsoft.Azure.Functions.Worker
{
    /// <summary>Builds the pipeline that runs around every invocation.</summary>
    public interface IFunctionsWorkerApplicationBuilder
    {
        /// <summary>The app's services.</summary>
        IServiceCollection Services { get; }

        /// <summary>Adds a layer inside those added before it.</summary>
        IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware);
    }
}

namespace Microsoft.Extensions.Hosting
{
    /// <summary>Adds middleware to the pipeline that runs around every invocation, in the order of the calls.</summary>
    public static class MiddlewareWorkerApplicationBuilderExtensions
    {
        /// <summary>Adds <typeparamref name="T"/>, as a singleton.</summary>
        public static IFunctionsWorkerApplicationBuilder UseMiddleware<T>(this IFunctionsWorkerApplicationBuilder builder)
            where T : class, IFunctionsWorkerMiddleware
            => builder.UseWhen<T>(static _ => true);

        /// <summary>Adds a delegate.</summary>
        public static IFunctionsWorkerApplicationBuilder UseMiddleware(
            this IFunctionsWorkerApplicationBuilder builder, Func<FunctionContext, Func<Task>, Task> middleware)
            => builder.UseWhen(static _ => true, middleware);

        /// <summary>Adds <typeparamref name="T"/>, as a singleton, for the invocations that the predicate takes.</summary>
        public static IFunctionsWorkerApplicationBuilder UseWhen<T>(
            this IFunctionsWorkerApplicationBuilder builder, Func<FunctionContext, bool> predicate)
            where T : class, IFunctionsWorkerMiddleware
        {
            ArgumentNullException.ThrowIfNull(builder);
            ArgumentNullException.ThrowIfNull(predicate);
            builder.Services.AddSingleton<T>();
            return builder.Use(next => context =>
                predicate(context) ? context.InstanceServices.GetRequiredService<T>().Invoke(context, next) : next(context));
        }

        /// <summary>Adds a delegate for the invocations that the predicate takes.</summary>
        public static IFunctionsWorkerApplicationBuilder UseWhen(
            this IFunctionsWorkerApplicationBuilder builder,
            Func<FunctionContext, bool> predicate,
            Func<FunctionContext, Func<Task>, Task> middleware)
        {
            ArgumentNullException.ThrowIfNull(builder);
            ArgumentNullException.ThrowIfNull(predicate);
            ArgumentNullException.ThrowIfNull(middleware);
            return builder.Use(next => context => predicate(context) ? middleware(context, () => next(context)) : next(context));
        }
    }
}
