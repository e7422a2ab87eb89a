# title: Gaussian kernel by its width, without the factor 1/2
# domain: all real X; sigma > 0
# kinks: none; smooth everywhere
# note: sigma is sqrt(2) times a standard deviation: rbf with gamma = 1/sigma^2
# source: B. Charlier, J. Feydy, J. A. Glaunès, F.-D. Collin, G. Durif, Kernel operations on the GPU, with autodiff, without
#     memory overflows, Journal of Machine Learning Research 22(74), 2021
# reference: numpy.exp(-scipy.spatial.distance.cdist(X, Y, 'sqeuclidean') / sigma**2)
# packages:
#     KeOps: gaussian

tensor X[n,d]
scalar sigma > 0 default 1
K_ij = exp(-sum_p (X_ip - X_jp)^2 / sigma^2)
